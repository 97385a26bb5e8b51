"""AMCL: several projectors, and a temperature for each pair and head, held by a regularizer.

Wang et al. 2024, arXiv:2310.05615, equation 2.1, read in a picture that the authors' repository shows (LeiWangR/cl);
the paper's text was not read. Limits 1e-5 and 2, beta = 0.1, three heads and the network phi are those of that code,
as is Omega(tau) = D / 2 log tau + 1 / tau. The code itself does not run, and its loss has no negatives; what it means
by D cannot be told, and is the embedding's size here. phi sees unit vectors, there raw ones.
"""

import torch
from torch import Tensor, nn

from anatomy.errors import InputError
from anatomy.methods.multi_head import embeddings
from anatomy.networks.heads import Encoder, Gauge, like
from anatomy.quantities import Amount, Positive, Several
from anatomy.similarity import in_batch, inner
from anatomy.step import Batch, Method, StepOutput, Watch


class AMCL(Method):
    """The sum over heads of -s+ / tau+ + s* / tau* + beta [Omega(tau+) - Omega(tau*)] per anchor, mean over both views.

    s* is the largest similarity to a negative, in the place of InfoNCE's log-sum-exp; beta is `regularizer`. What it
    can hold is little: of a positive with s+ > beta the loss falls as tau+ goes to `smallest`, and of a negative with
    s* > beta as tau* goes to `largest`.
    """

    views = 2

    def __init__(
        self,
        encoder: Encoder,
        *,
        heads: Several = 3,
        regularizer: Amount = 0.1,
        smallest: Positive = 1e-5,
        largest: Positive = 2.0,
    ) -> None:
        super().__init__()
        if not smallest < largest:
            raise InputError(f"smallest is {smallest}, but it must be below largest, {largest}; try {largest / 100:g}")
        self.encoder, self.regularizer, self.smallest, self.largest = encoder, regularizer, smallest, largest
        self.more_heads = like(encoder.projector, heads - 1)
        self.gauges = nn.ModuleList(Gauge(2 * encoder.dimension) for _ in range(heads))

    def forward(self, batch: Batch) -> StepOutput:
        z_1, z_2 = (embeddings(self.encoder, self.more_heads, view) for view in batch.views)  # [C, N, D] each
        orders = ((z_1, z_2), (z_2, z_1))
        terms = [self.contrast(*of_head) for pair in orders for of_head in zip(self.gauges, *pair, strict=True)]
        loss = torch.stack([loss for loss, _ in terms]).sum() / 2
        positive, negatives = in_batch(z_1[0].detach(), z_2[0].detach())
        watch: Watch = {"positive": positive, "negatives": negatives, "index": batch.index}
        watch |= {"z_1": z_1[0].detach(), "z_2": z_2[0].detach()}
        return StepOutput(loss, watch | {"temperatures": torch.stack([tau for _, tau in terms[: len(z_1)]])})

    def contrast(self, gauge: nn.Module, anchor: Tensor, key: Tensor) -> tuple[Tensor, Tensor]:
        """Mean loss of one head on unit embeddings [N, D], and tau+ of each anchor [N], detached."""
        positive, hardest, nearest = against_hardest(anchor, key)
        tau, of_hardest = (self.temperature(gauge, anchor, keys) for keys in (key, key[nearest]))
        held = self.omega(tau, anchor.shape[1]) - self.omega(of_hardest, anchor.shape[1])
        return (-positive / tau + hardest / of_hardest + self.regularizer * held).mean(), tau.detach()

    def temperature(self, gauge: nn.Module, anchor: Tensor, key: Tensor) -> Tensor:
        """Of each pair of rows [N, D]: [N]."""
        share: Tensor = gauge(torch.cat([anchor, key], 1))
        return self.smallest + (self.largest - self.smallest) * share

    @staticmethod
    def omega(tau: Tensor, dimension: int) -> Tensor:
        return dimension / 2 * tau.log() + 1 / tau


def against_hardest(anchor: Tensor, key: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Similarity to the positive [N], to the nearest key of another image [N], and the row of that key [N]."""
    similarity = inner(anchor, key)
    others = similarity.masked_fill(torch.eye(len(anchor), dtype=torch.bool, device=anchor.device), -torch.inf)
    hardest, nearest = others.max(1)
    return similarity.diagonal(), hardest, nearest
