"""SimCo with a further positive for each anchor, made of its own pair in the space of embeddings.

After the Hallucinator of Wu et al. 2023, arXiv:2307.12168. The abstract was seen: a differentiable module, trained with
the rest, makes additional positives of feature vectors, lowers the mutual information of the pair, and smooths them by
non-linear operations. No formula and no code was found; that the made vector moves away from its partner, and how, is
our restatement, and our numbers are not theirs.
"""

import torch
from torch import Generator, Tensor, nn

from anatomy.networks.heads import Encoder
from anatomy.quantities import Amount
from anatomy.similarity import detach, in_batch, unit
from anatomy.step import Batch, Loss, Method, StepOutput, Watch
from anatomy.transforms import draw_uniform


class Hallucinator(Method):
    """The loss of (a, b) and, with `weight`, of (a~, b), where a~ = g(a + u (a - b)) and u ~ U(0, 1), one an image.

    g is Linear, ReLU, Linear on embeddings, with `smooth`, else nothing: then a~ is the anchor pulled away from its key
    (`positive_extrapolation`, of the anchor alone). The two terms are averaged, with shares 1 and `weight`.
    """

    views = 2

    def __init__(self, encoder: Encoder, loss: Loss, *, weight: Amount = 1.0, smooth: bool = True) -> None:
        super().__init__()
        self.encoder, self.loss, self.weight = encoder, loss, weight
        d = encoder.dimension
        layers = [nn.Linear(d, d), nn.ReLU(inplace=True), nn.Linear(d, d)] if smooth else []
        self.smoother = nn.Sequential(*layers)

    def forward(self, batch: Batch) -> StepOutput:
        z_1, z_2 = (unit(self.encoder(view)) for view in batch.views)  # [N, D] each
        loss, watch = self.contrast(z_1, z_2, batch.generator)
        loss = (loss + self.contrast(z_2, z_1, batch.generator)[0]) / 2
        watch |= {"z_1": z_1.detach(), "z_2": z_2.detach(), "index": batch.index}
        return StepOutput(loss, watch)

    def contrast(self, anchor: Tensor, key: Tensor, generator: Generator | None) -> tuple[Tensor, Watch]:
        positive, negatives = in_batch(anchor, key)
        made = self.loss(*in_batch(self.hallucinate(anchor, key, generator), key)).mean()
        loss = (self.loss(positive, negatives).mean() + self.weight * made) / (1 + self.weight)
        return loss, {"positive": positive.detach(), "negatives": detach(negatives)}

    def hallucinate(self, anchor: Tensor, key: Tensor, generator: Generator | None) -> Tensor:
        """The further positives, unit [N, D]."""
        away = draw_uniform(anchor, generator)  # [N, 1]
        with torch.autocast(anchor.device.type, enabled=False):
            return unit(self.smoother(anchor + away * (anchor - key)))
