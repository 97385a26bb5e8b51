"""InfoNCE: tell the positive apart from K negatives.

van den Oord et al. 2018, arXiv:1807.03748; the form with a queue: He et al. 2020, arXiv:1911.05722, equation 1.
"""

from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import logsigmoid

from anatomy.losses.decoupled import decoupled
from anatomy.quantities import Temperature
from anatomy.similarity import Negatives


def info_nce(positive: Float[Tensor, " N"], negatives: Negatives, *, temperature: Temperature) -> Float[Tensor, " N"]:
    """Loss per anchor in nats, not averaged; log(1 + K) when all similarities are equal.

    Similarities are inner products, not yet divided by the temperature.
    """
    return from_logit(decoupled(positive, negatives, temperature=temperature))


def from_logit(logit: Float[Tensor, " N"]) -> Float[Tensor, " N"]:
    """InfoNCE = log(1 + exp(DCL)) from DCL.

    And not a difference of logits: that loses every digit of value and gradient once p_positive -> 1.
    """
    return -logsigmoid(-logit)
