"""Positives moved towards each other: the authors' code of Zhu et al. 2021, arXiv:2108.02982, without
--expolation_mask."""

from torch import Generator, Tensor

from anatomy.quantities import Positive
from anatomy.transforms import Features, draw_shares, mix_positives


def positive_interpolation(
    query: Tensor,
    key: Tensor,
    queue: Tensor,
    generator: Generator | None,
    *,
    alpha: Positive = 2.0,
    per_dimension: bool = False,
    renormalize: bool = False,
) -> Features:
    """Query and key [N, D] mixed with lambda ~ Beta(alpha, alpha), in [0, 1]: easier positives, c in [1/2, 1]."""
    share = draw_shares(query, alpha, per_dimension, generator)
    return Features(*mix_positives(query, key, share, renormalize), queue)
