"""A second predictor undoes the first, on the branch without gradient.

Zhang et al. 2022, arXiv:2203.16262, Algorithm 5. As printed it lacks the half in one term of the encoder's loss; here
both terms have it.
"""

import torch
from torch import Tensor, nn

from anatomy.networks.heads import Encoder, bottleneck
from anatomy.quantities import Count
from anatomy.siamese_base import Siamese, View, pull
from anatomy.similarity import unit
from anatomy.step import Batch, StepOutput


class InversePredictor(Siamese):
    """P_a meets h_inv(P_b); three losses, for the encoder, for h and for h_inv."""

    predictor: nn.Module

    def __init__(self, encoder: Encoder, *, predictor_hidden: Count = 512) -> None:
        super().__init__(encoder, bottleneck(encoder.dimension, predictor_hidden))
        self.inverse = bottleneck(encoder.dimension, predictor_hidden)

    def forward(self, batch: Batch) -> StepOutput:
        a, b = self.see(batch)
        with torch.no_grad():
            undone_b, undone_a = (unit(self.inverse(view.predicted)) for view in (b, a))
        loss = (pull(a.p, undone_b, b.p) + pull(b.p, undone_a, a.p)) / 2
        return self.output(loss + learn_both(self.predictor, self.inverse, a, b), a, b, batch)

    def constant_rate(self) -> list[nn.Parameter]:
        return [*super().constant_rate(), *self.inverse.parameters()]


def learn_both(h: nn.Module, inverse: nn.Module, a: View, b: View) -> Tensor:
    """L_pred and L_inv: h(sg z_a) towards Z_b, and h_inv of that, h without gradient, back to Z_a."""
    losses: list[Tensor] = []
    for one, other in ((a, b), (b, a)):
        predicted = h(one.raw.detach())
        losses += [pull(unit(predicted), other.z), pull(unit(inverse(predicted.detach())), one.z)]
    return sum(losses[1:], losses[0]) / 2
