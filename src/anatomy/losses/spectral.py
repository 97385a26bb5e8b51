"""The spectral contrastive loss: negatives are pushed to a right angle, and not beyond it.

HaoChen et al. 2021, arXiv:2106.04156, on embeddings of squared length mu, as in their experiments.
"""

from jaxtyping import Float
from torch import Tensor

from anatomy.quantities import Positive
from anatomy.similarity import Negatives, mean_similarity


def spectral(positive: Float[Tensor, " N"], negatives: Negatives, *, mu: Positive = 1.0) -> Float[Tensor, " N"]:
    """-2 mu s+ + mu^2 mean_j s_j^2 per anchor (no nats). mu acts as 1 / T: the second order of twice DCL in 1 / T, less
    2 log K and the terms in the mean of the negatives."""
    return mu**2 * mean_similarity(negatives, square=True) - 2 * mu * positive
