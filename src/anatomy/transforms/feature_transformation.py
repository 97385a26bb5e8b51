"""Both together, the feature transformation of Zhu et al. 2021, arXiv:2108.02982, with the defaults of their code."""

from torch import Generator, Tensor

from anatomy.quantities import Positive
from anatomy.transforms import Features
from anatomy.transforms.negative_interpolation import negative_interpolation
from anatomy.transforms.positive_extrapolation import positive_extrapolation


def feature_transformation(
    query: Tensor,
    key: Tensor,
    queue: Tensor,
    generator: Generator | None,
    *,
    alpha_positive: Positive = 2.0,
    alpha_negative: Positive = 1.6,
    per_dimension: bool = False,
) -> Features:
    """Positives [N, D] extrapolated, negatives [K, D] interpolated, nothing renormalized."""
    apart = positive_extrapolation(query, key, queue, generator, alpha=alpha_positive, per_dimension=per_dimension)
    return negative_interpolation(*apart[:3], generator, alpha=alpha_negative, per_dimension=per_dimension)
