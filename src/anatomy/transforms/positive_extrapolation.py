"""Positives pulled apart: Zhu et al. 2021, arXiv:2108.02982; --expolation_mask in the authors' code."""

from torch import Generator, Tensor

from anatomy.quantities import Factor, Positive
from anatomy.transforms import Features, draw_shares, mix_positives


def positive_extrapolation(
    query: Tensor,
    key: Tensor,
    queue: Tensor,
    generator: Generator | None,
    *,
    alpha: Positive = 2.0,
    per_dimension: bool = False,
    renormalize: bool = False,
    c: Factor | None = None,
) -> Features:
    """Query and key [N, D] mixed with lambda = 1 + Beta(alpha, alpha), in [1, 2]: each moves away from the other.

    The distance 1 - q.k of a positive grows by c = lambda^2 + (1 - lambda)^2, on average 2.6 at alpha = 2, at most 5.
    A given `c` fixes lambda at the value that belongs to it: the control without chance.
    """
    if c is None:
        share = 1 + draw_shares(query, alpha, per_dimension, generator)
    else:
        share = query.new_full((), (1 + (2 * c - 1) ** 0.5) / 2)  # 2 lambda^2 - 2 lambda + 1 = c
    return Features(*mix_positives(query, key, share, renormalize), queue)
