"""DCLW: the decoupled loss in which a far positive pulls harder.

Yeh et al. 2022, arXiv:2110.06848: the weight of a positive is 2 minus a von Mises-Fisher density over the batch, of
mean 1. The paper's formula is known to us from lightly's code, which detaches it and has the factor N, and from
raminnakhli/Decoupled-Contrastive-Learning, which does neither: there every weight lies near 2.
"""

from jaxtyping import Float
from torch import Tensor

from anatomy.quantities import Positive, Temperature
from anatomy.similarity import Negatives, log_sum_exp


def decoupled_weighted(
    positive: Float[Tensor, " N"],
    negatives: Negatives,
    *,
    temperature: Temperature,
    sigma: Positive = 0.5,
    detach_weights: bool = True,
) -> Float[Tensor, " N"]:
    """Loss per anchor in nats: log_sum_exp(negatives / T) - w positive / T, where the N weights w have mean 1.

    An anchor whose positive is far nearer than those of its batch may have a weight below 0: it pushes.
    """
    weight = positive_weight(positive.detach() if detach_weights else positive, sigma)
    return log_sum_exp(negatives, temperature) - weight * positive / temperature


def positive_weight(positive: Float[Tensor, " N"], sigma: float) -> Float[Tensor, " N"]:
    """w = 2 - exp(s / sigma) / mean over the batch of exp(s / sigma)."""
    return 2 - len(positive) * (positive / sigma).softmax(0)
