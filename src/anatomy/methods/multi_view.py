"""Several positives an anchor: each view of an image meets each other one.

The views of Zheng et al. 2023, arXiv:2105.03746 (JegZheng/CACR-SSL, small scale: four positives), for any loss. There a
view is repelled by the views after it alone, here by all: both orders of a pair are terms, as for its positive.
"""

from inspect import signature
from itertools import permutations

import torch
from torch import Tensor

from anatomy.networks.heads import Encoder
from anatomy.quantities import Count
from anatomy.similarity import detach, in_batch, unit
from anatomy.step import Batch, Loss, Method, StepOutput, Watch


class MultiView(Method):
    """The mean over ordered pairs of views (a, b): anchors a, positives b, negatives the other images' b, K = N - 1.

    A loss that takes `more_positives` sees the anchor's other positives too, and weighs them itself; any other is the
    plain mean. With one positive this is SimCo.
    """

    def __init__(self, encoder: Encoder, loss: Loss, *, positives: Count = 4) -> None:
        super().__init__()
        self.encoder, self.loss, self.views = encoder, loss, 1 + positives
        self.weighs = "more_positives" in signature(loss).parameters

    def forward(self, batch: Batch) -> StepOutput:
        z = [unit(self.encoder(view)) for view in batch.views]  # [N, D] each
        terms = [self.contrast(z, *pair) for pair in permutations(range(len(z)), 2)]
        watch: Watch = {"z_1": z[0].detach(), "z_2": z[1].detach(), "index": batch.index}
        return StepOutput(torch.stack([loss for loss, _ in terms]).mean(), terms[0][1] | watch)

    def contrast(self, z: list[Tensor], a: int, b: int) -> tuple[Tensor, Watch]:
        positive, negatives = in_batch(z[a], z[b])
        more = {}
        if self.weighs and len(z) > 2:
            others = [(z[a] * z[c]).sum(1) for c in range(len(z)) if c not in (a, b)]
            more = {"more_positives": torch.stack(others, 1)}  # [N, P - 1]
        watch: Watch = {"positive": positive.detach(), "negatives": detach(negatives)}
        return self.loss(positive, negatives, **more).mean(), watch
