"""Mirror SimSiam: the predictor on the branch without gradient. Zhang et al. 2022, arXiv:2203.16262, Table 2."""

from anatomy.networks.heads import Encoder, bottleneck
from anatomy.quantities import Count
from anatomy.siamese_base import Siamese, pull
from anatomy.step import Batch, StepOutput


class Mirror(Siamese):
    """The embedding of one view meets the prediction of the other; the predictor learns beside it, as in SimSiam."""

    def __init__(self, encoder: Encoder, *, predictor_hidden: Count = 512) -> None:
        super().__init__(encoder, bottleneck(encoder.dimension, predictor_hidden))

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        loss = (pull(a.z, b.p, b.z) + pull(b.z, a.p, a.z)) / 2
        beside = (self.learn_to_predict(a, b) + self.learn_to_predict(b, a)) / 2
        return self.output(loss + beside, a, b, batch)
