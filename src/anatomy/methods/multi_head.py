"""Several projectors on one backbone, each with the same loss on its own embeddings.

The heads of AMCL, Wang et al. 2024, arXiv:2310.05615, without its temperatures: the control that has its projectors.
"""

import torch
from torch import Tensor

from anatomy.networks.heads import Encoder, like
from anatomy.quantities import Several
from anatomy.similarity import detach, in_batch, unit
from anatomy.step import Batch, Loss, Method, StepOutput, Watch


class MultiHead(Method):
    """SimCo's loss, mean over `heads` projectors and both orders of the views. The first head is the encoder's own, and
    what is watched and measured of embeddings is its."""

    views = 2

    def __init__(self, encoder: Encoder, loss: Loss, *, heads: Several = 3) -> None:
        super().__init__()
        self.encoder, self.loss = encoder, loss
        self.more_heads = like(encoder.projector, heads - 1)

    def forward(self, batch: Batch) -> StepOutput:
        z = [embeddings(self.encoder, self.more_heads, view) for view in batch.views]  # [C, N, D] each
        pairs = [*zip(z[0], z[1], strict=True), *zip(z[1], z[0], strict=True)]
        compared = [in_batch(anchor, key) for anchor, key in pairs]
        loss = torch.stack([self.loss(*seen).mean() for seen in compared]).mean()
        positive, negatives = compared[0][0].detach(), detach(compared[0][1])
        watch: Watch = {"positive": positive, "negatives": negatives, "index": batch.index}
        return StepOutput(loss, watch | {"z_1": z[0][0].detach(), "z_2": z[1][0].detach()})


def embeddings(encoder: Encoder, more_heads: torch.nn.ModuleList, view: Tensor) -> Tensor:
    """Unit embeddings of a view by each head [C, N, D], through the backbone once."""
    h = encoder.backbone(view)
    return torch.stack([unit(head(h)) for head in (encoder.projector, *more_heads)])
