"""The predictor on both branches. Zhang et al. 2022, arXiv:2203.16262, Table 2."""

from anatomy.networks.heads import Encoder, bottleneck
from anatomy.quantities import Count
from anatomy.siamese_base import Siamese, pull
from anatomy.step import Batch, StepOutput


class SymmetricPredictor(Siamese):
    """The prediction of one view meets that of the other: the naive loss of the encoder h(f)."""

    def __init__(self, encoder: Encoder, *, predictor_hidden: Count = 512) -> None:
        super().__init__(encoder, bottleneck(encoder.dimension, predictor_hidden))

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        loss = (pull(a.p, b.p) + pull(b.p, a.p)) / 2
        return self.output(loss, a, b, batch)
