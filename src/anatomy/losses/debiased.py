"""The debiased loss: some negatives show the anchor's class, and their expected share is taken out of the sum.

Chuang et al. 2020, arXiv:2007.00224; the estimator, its floor and tau+ = 0.1 as in the authors' code (chingyaoc/DCL).
"""

from math import log, log1p

import torch
from jaxtyping import Float
from torch import Tensor

from anatomy.losses.info_nce import from_logit
from anatomy.quantities import Portion, Temperature
from anatomy.similarity import Negatives, log_count, log_sum_exp


def debiased(
    positive: Float[Tensor, " N"], negatives: Negatives, *, temperature: Temperature, tau_plus: Portion = 0.1
) -> Float[Tensor, " N"]:
    """Loss per anchor in nats; `tau_plus` is the share of negatives that are taken to be of the anchor's class.

    log(1 + K) when all similarities are equal, as InfoNCE, which it becomes as tau_plus goes to 0.
    """
    total = log_sum_exp(negatives, temperature)
    return from_logit(corrected(total, positive, negatives, temperature, tau_plus) - positive / temperature)


def corrected(
    total: Float[Tensor, " N"], positive: Float[Tensor, " N"], negatives: Negatives, temperature: float, tau_plus: float
) -> Float[Tensor, " N"]:
    """log of max[(S - tau+ K exp(s+ / T)) / (1 - tau+), K exp(-1 / T)], where `total` is log S.

    The floor is the least that K negatives can sum to; at it no gradient flows, as through the authors' clamp.
    """
    if tau_plus == 0:
        return total
    count = log_count(negatives)
    floor = count - 1 / temperature
    taken = log(tau_plus) + count + positive / temperature - total
    left = taken < 0
    # log(1 - e^x), taken where something is left; elsewhere at -1, so that no infinity reaches the gradient.
    rest = total + torch.where(left, taken, -1).expm1().neg().log() - log1p(-tau_plus)
    return torch.where(left & (rest >= floor), rest, floor)
