"""SimSiam whose predictor is one linear layer. Zhang et al. 2022, arXiv:2203.16262: h as a single layer."""

from anatomy.networks.heads import Encoder, OneLayer
from anatomy.siamese_base import Siamese, pull
from anatomy.step import Batch, StepOutput


class SingleLinear(Siamese):
    """D x D numbers, no bias, no hidden layer."""

    def __init__(self, encoder: Encoder, *, constant_predictor: bool = True) -> None:
        super().__init__(encoder, OneLayer(encoder.dimension, bias=False), constant_predictor=constant_predictor)

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        loss = (pull(a.p, b.z, b.p) + pull(b.p, a.z, a.p)) / 2
        return self.output(loss, a, b, batch)
