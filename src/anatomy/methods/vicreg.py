"""VICReg: variance, invariance, covariance. Bardes et al. 2022, arXiv:2105.04906, equations 1 to 6.

No negatives, and no dimension may stop to vary: the hinge on its deviation is what repels.
"""

import torch
from torch.nn.functional import mse_loss

from anatomy.decomposition import decorrelation, spread_hinge
from anatomy.networks.heads import Encoder
from anatomy.quantities import Amount
from anatomy.siamese_base import Siamese
from anatomy.step import Batch, StepOutput


class VICReg(Siamese):
    """On raw embeddings, each dimension's deviation above 1 and views near each other in squared distance over D.

    The three weights are the paper's 25, 25 and 1, over 25, since its learning rate is of another kind (LARS).
    """

    def __init__(
        self, encoder: Encoder, *, variance: Amount = 1.0, invariance: Amount = 1.0, covariance: Amount = 0.04
    ) -> None:
        super().__init__(encoder)
        self.weights = (invariance, variance, covariance)

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        one, other = (view.raw if view.raw.dtype == torch.float64 else view.raw.float() for view in (a, b))
        terms = (
            mse_loss(one, other),
            spread_hinge(one) + spread_hinge(other),
            decorrelation(one) + decorrelation(other),
        )
        invariance, variance, covariance = self.weights
        # In the authors' code the variance term is a mean over both views, the covariance term a sum.
        loss = invariance * terms[0] + variance * terms[1] / 2 + covariance * terms[2]
        return self.output(loss, a, b, batch)
