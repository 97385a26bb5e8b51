"""The naive Siamese network: no predictor. Zhang et al. 2022, arXiv:2203.16262, Figure 1 and Table 2."""

from anatomy.networks.heads import Encoder
from anatomy.quantities import Positive
from anatomy.siamese_base import Siamese, pull
from anatomy.step import Batch, StepOutput


class Naive(Siamese):
    """The embedding of one view meets that of the other. `weight` 2 / D: the mean squared error over D."""

    def __init__(self, encoder: Encoder, *, weight: Positive = 1.0) -> None:
        super().__init__(encoder)
        self.weight = weight

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        loss = self.weight * (pull(a.z, b.z) + pull(b.z, a.z)) / 2
        return self.output(loss, a, b, batch)
