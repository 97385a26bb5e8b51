"""Control for extrapolation: the positive's distance times a constant, and nothing else. Derived here."""

from torch import Generator, Tensor

from anatomy.quantities import Factor
from anatomy.transforms import Features


def positive_weight(
    query: Tensor, key: Tensor, queue: Tensor, generator: Generator | None, *, c: Factor = 2.6
) -> Features:
    """The similarity of a positive becomes 1 - c (1 - q.k); queries meet the negatives as they are.

    Extrapolation does this to the positive too (c = 2.6 is its mean at alpha = 2), and moves the query beside it. Of
    q.(c k + (1 - c) q) = c q.k + 1 - c, only the first term has a gradient along the sphere: c times the usual one.
    """
    return Features(query, c * key + (1 - c) * query, queue)
