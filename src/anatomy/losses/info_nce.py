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
    # log(1 + e^x), and not a difference of logits: that loses every digit of value and gradient once p_positive -> 1.
    return -logsigmoid(-decoupled(positive, negatives, temperature=temperature))
