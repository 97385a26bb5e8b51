"""Barlow Twins: a dimension agrees between two views, and different dimensions do not.

Zbontar et al. 2021, arXiv:2103.03230. No negatives: what holds images apart is that a
dimension must vary over the batch.
"""

import torch
from torch import Tensor

from anatomy.decomposition import off_diagonal_square
from anatomy.networks.heads import Encoder
from anatomy.quantities import Amount
from anatomy.siamese_base import Siamese
from anatomy.step import Batch, StepOutput


class BarlowTwins(Siamese):
    """The cross-correlation of the raw embeddings over the batch, pulled to the identity (equation 1), over D: the
    paper sums and has a learning rate to match. `weight` is its lambda, of the off-diagonal entries."""

    def __init__(self, encoder: Encoder, *, weight: Amount = 5e-3) -> None:
        super().__init__(encoder)
        self.weight = weight

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        c = cross_correlation(a.raw, b.raw)  # [D, D]
        loss = ((1 - c.diagonal()).square().sum() + self.weight * off_diagonal_square(c)) / len(c)
        return self.output(loss, a, b, batch)


def cross_correlation(one: Tensor, other: Tensor) -> Tensor:
    """Of raw embeddings [N, D] and [N, D], each dimension with mean 0 and deviation 1 over the batch: [D, D]."""
    with torch.autocast(one.device.type, enabled=False):
        one, other = (standardized(z) for z in (one, other))
        return one.T @ other / len(one)


def standardized(z: Tensor, eps: float = 1e-5) -> Tensor:
    """As by BatchNorm without its affine part, which the authors' code uses; in float32, or float64 as given."""
    variance, mean = torch.var_mean(z if z.dtype == torch.float64 else z.float(), 0, correction=0)
    return (z - mean) / (variance + eps).sqrt()
