"""Alignment and uniformity as a loss: near positives, and embeddings spread over the sphere.

Wang and Isola 2020, arXiv:2005.10242, with alpha = 2. In their code uniformity is over pairs of one view; here over the
pairs of anchor and negative that a method gives, whichever these are.
"""

from jaxtyping import Float
from torch import Tensor

from anatomy.quantities import Amount, Temperature
from anatomy.similarity import Negatives, log_count, log_sum_exp


def align_uniform(
    positive: Float[Tensor, " N"], negatives: Negatives, *, temperature: Temperature, weight: Amount = 1.0
) -> Float[Tensor, " N"]:
    """|a - b|^2 of each positive pair, plus `weight` times log mean exp(-|a - b|^2 / (2 T)) over all negative pairs.

    The logarithm is one for the batch, so an anchor amid near negatives pushes more than one that is alone: each anchor
    gets the same second term. The paper's t is 1 / (2 T): its 2 is T = 0.25.
    """
    uniformity = log_sum_exp(negatives, temperature).logsumexp(0) - log_count(negatives).logsumexp(0) - 1 / temperature
    return 2 - 2 * positive + weight * uniformity
