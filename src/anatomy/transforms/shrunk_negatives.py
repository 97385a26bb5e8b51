"""Control for negative interpolation: scores of negatives at the matching temperature, and no mixing. Derived here."""

from torch import Generator, Tensor

from anatomy.quantities import Positive
from anatomy.transforms import Features, draw_shares


def shrunk_negatives(
    query: Tensor, key: Tensor, queue: Tensor, generator: Generator | None, *, alpha: Positive = 1.6
) -> Features:
    """Each key [K, D] moved towards the mean of the queue: its deviation times sqrt(lambda^2 + (1 - lambda)^2).

    Two keys drawn at random and mixed keep the mean, and their deviations shrink by this factor. It is a higher
    temperature (1.27 times at alpha = 1.6) for the negatives about their mean, with the same draws of lambda.
    """
    share = draw_shares(queue, alpha, False, generator)
    spread = (share**2 + (1 - share) ** 2).sqrt()
    return Features(query, key, queue.mean(0).lerp(queue, spread))
