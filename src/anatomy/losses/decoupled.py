"""DCL, the decoupled contrastive loss, and the hardness that InfoNCE hides.

Yeh et al. 2022, arXiv:2110.06848: the positive is left out of InfoNCE's denominator.
"""

from jaxtyping import Float
from torch import Tensor

from anatomy.quantities import InfiniteTemperature, Temperature
from anatomy.similarity import Negatives, log_sum_exp


def decoupled(positive: Float[Tensor, " N"], negatives: Negatives, *, temperature: Temperature) -> Float[Tensor, " N"]:
    """Loss per anchor in nats: log_sum_exp(negatives / T) - positive / T; log K when all similarities are equal.

    Every anchor pulls with weight 1: d/d positive = -1/T, whatever its similarities.
    """
    return log_sum_exp(negatives, temperature) - positive / temperature


def hardness(
    positive: Float[Tensor, " N"], negatives: Negatives, *, temperature: InfiniteTemperature
) -> Float[Tensor, " N"]:
    """W = 1 - softmax probability of the positive, in [0, 1], detached: how hard each anchor is (no unit).

    InfoNCE's gradient is W times that of `decoupled` (Zhang et al. 2022, arXiv:2203.17248: the inter-anchor, scalar
    part). sigmoid of a log-ratio, and not 1 - p: in float32 that difference has no digit left below 1e-7.
    """
    return decoupled(positive, negatives, temperature=temperature).detach().sigmoid()
