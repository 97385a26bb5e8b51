"""Each negative mixed with another one: Zhu et al. 2021, arXiv:2108.02982, and the authors' code."""

import torch
from torch import Generator, Tensor
from torch.nn.functional import normalize

from anatomy.hardware.device import move
from anatomy.quantities import Positive
from anatomy.transforms import Features, draw_shares


def negative_interpolation(
    query: Tensor,
    key: Tensor,
    queue: Tensor,
    generator: Generator | None,
    *,
    alpha: Positive = 1.6,
    per_dimension: bool = False,
    renormalize: bool = False,
) -> Features:
    """lambda Q + (1 - lambda) Q[pi] in the place of the queue Q [K, D]; lambda ~ Beta(alpha, alpha), pi at random.

    Not renormalized, as in the authors' code, the mixtures are shorter than 1 (on average 0.79 at alpha = 1.6, where
    keys are nearly orthogonal), so scores spread less: `shrunk_negatives` does this alone. `renormalize` undoes it.
    """
    order = move(torch.randperm(len(queue), generator=generator), queue.device)
    share = draw_shares(queue, alpha, per_dimension, generator)
    mixed = queue.lerp(queue[order], 1 - share)
    return Features(query, key, normalize(mixed, dim=1) if renormalize else mixed)
