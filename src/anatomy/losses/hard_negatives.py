"""Hard negatives, without sampling them: each weighs more the nearer it is.

Robinson et al. 2021, arXiv:2010.04592. The authors' code (joshr17/HCL, image/main.py) weighs exp(s_j / T) by
exp(beta s_j / T) over its mean, and lets the gradient through the weights; so

    S = K sum_j exp((1 + beta) s_j / T) / sum_j exp(beta s_j / T),

three sums of exponentials at three temperatures. Its debiasing and floor are those of `debiased`.
"""

from math import inf

from jaxtyping import Float
from torch import Tensor

from anatomy.losses.debiased import corrected
from anatomy.losses.info_nce import from_logit
from anatomy.quantities import Amount, Portion, Temperature
from anatomy.similarity import Negatives, log_count, log_sum_exp


def hard_negatives(
    positive: Float[Tensor, " N"],
    negatives: Negatives,
    *,
    temperature: Temperature,
    beta: Amount = 1.0,
    tau_plus: Portion = 0.1,
) -> Float[Tensor, " N"]:
    """Loss per anchor in nats; log(1 + K) when all similarities are equal. beta = 0 is `debiased`, tau_plus = 0 leaves
    that correction out, and both together are InfoNCE.

    A negative below the weighted mean may have a gradient below 0: coming nearer, it takes weight from a hard one.
    """
    total = log_sum_exp(negatives, temperature / (1 + beta))
    total = total - log_sum_exp(negatives, temperature / beta if beta else inf) + log_count(negatives)
    return from_logit(corrected(total, positive, negatives, temperature, tau_plus) - positive / temperature)
