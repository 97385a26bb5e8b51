"""The mean over many fresh views as target, without predictor. Zhang et al. 2022, arXiv:2203.16262, Table 1."""

import torch

from anatomy.networks.heads import Encoder
from anatomy.quantities import Count
from anatomy.siamese_base import Siamese, pull
from anatomy.similarity import unit
from anatomy.step import Batch, StepOutput


class ExplicitExpectation(Siamese):
    """Were the predictor a stand-in for this expectation, the expectation itself would not collapse."""

    def __init__(self, encoder: Encoder, *, fresh_views: Count = 10) -> None:
        super().__init__(encoder)
        self.views = 2 + fresh_views

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        with torch.no_grad():
            expected = torch.stack([unit(self.encoder(view)) for view in batch.views[2:]]).mean(0)
        loss = (pull(a.z, expected, b.z) + pull(b.z, expected, a.z)) / 2
        return self.output(loss, a, b, batch)
