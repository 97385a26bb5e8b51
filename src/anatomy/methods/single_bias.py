"""SimSiam whose predictor is one learned bias vector.

An option of the code of a co-author of Zhang et al. 2022, arXiv:2203.16262: p = Z + b, b = 0 at the start.
"""

from anatomy.networks.heads import Encoder, OneLayer
from anatomy.siamese_base import Siamese, pull
from anatomy.step import Batch, StepOutput


class SingleBias(Siamese):
    """D numbers in place of a network."""

    def __init__(self, encoder: Encoder, *, constant_predictor: bool = True) -> None:
        super().__init__(encoder, OneLayer(encoder.dimension, bias=True), constant_predictor=constant_predictor)

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        loss = (pull(a.p, b.z, b.p) + pull(b.p, a.z, a.p)) / 2
        return self.output(loss, a, b, batch)
