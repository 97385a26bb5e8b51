"""SimSiam. Chen and He 2021, arXiv:2011.10566, Algorithm 1; taken apart by Zhang et al. 2022, arXiv:2203.16262."""

from anatomy.networks.heads import Encoder, bottleneck
from anatomy.quantities import Component, Count
from anatomy.siamese_base import Siamese, pull
from anatomy.step import Batch, StepOutput


class SimSiam(Siamese):
    """The prediction of one view meets the embedding of the other.

    `component="center"` keeps o_e of the extra gradient Z_b - P_b, `"residual"` r_e; `"none"` is the symmetric
    predictor's loss.
    """

    def __init__(self, encoder: Encoder, *, component: Component = "both", predictor_hidden: Count = 512) -> None:
        super().__init__(encoder, bottleneck(encoder.dimension, predictor_hidden))
        self.component = component

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        loss = (pull(a.p, b.z, b.p, self.component) + pull(b.p, a.z, a.p, self.component)) / 2
        return self.output(loss, a, b, batch)
