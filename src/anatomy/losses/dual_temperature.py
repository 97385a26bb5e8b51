"""Dual temperature: one temperature between anchors, another within each anchor.

Zhang et al. 2022, "Dual Temperature Helps Contrastive Learning Without Many Negative Samples", arXiv:2203.17248. The
authors' code (ChaoningZhang/Dual-temperature) multiplies InfoNCE by the detached ratio W(T_inter) / W(T_intra). Since
InfoNCE = log(1 + exp(DCL)), its gradient is W(T_intra) times DCL's, so the ratio's denominator cancels and

    gradient = W(T_inter) x gradient of DCL(T_intra),

which is what stands below. The ratio itself is NaN in float32 at T_intra = 0.03 (1 - p has no digits left).
"""

from jaxtyping import Float
from torch import Tensor

from anatomy.losses.decoupled import decoupled, hardness
from anatomy.losses.info_nce import from_logit
from anatomy.quantities import InfiniteTemperature, Temperature
from anatomy.similarity import Negatives


def dual_temperature(
    positive: Float[Tensor, " N"],
    negatives: Negatives,
    *,
    temperature_intra: Temperature,
    temperature_inter: InfiniteTemperature,
    negatives_inter: Negatives | None = None,
) -> Float[Tensor, " N"]:
    """Loss per anchor in nats: the value of InfoNCE at `temperature_intra`, the gradient of the product above.

    `temperature_intra` (the paper's alpha) shares an anchor's force among its negatives; `temperature_inter` (its beta)
    shares the batch's force among anchors, and inf makes them equal: DCL times K / (K + 1). With `negatives_inter` the
    weights come from other negatives than the directions do: two dictionaries. Where both temperatures are equal and
    the dictionary is one, value and gradient are InfoNCE's.
    """
    weight = hardness(
        positive, negatives if negatives_inter is None else negatives_inter, temperature=temperature_inter
    )
    logit = decoupled(positive, negatives, temperature=temperature_intra)
    product = weight * logit
    # The product's own value is no loss (it falls below zero); its gradient is what the paper optimizes.
    return from_logit(logit.detach()) + (product - product.detach())
