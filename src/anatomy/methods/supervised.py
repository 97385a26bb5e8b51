"""Learning with labels, for what a chapter must see without a contrastive loss: cross-entropy of a softmax classifier.

The setting in which normalization layers were proposed and compared: Ioffe and Szegedy 2015, arXiv:1502.03167.
"""

from torch.nn.functional import cross_entropy

from anatomy.errors import InputError
from anatomy.heads import Encoder
from anatomy.step import Batch, Method, StepOutput


class Supervised(Method):
    """The embedding z has one entry a class, its logit: a projector `linear` or `mlp` of as many dimensions."""

    views = 1

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder, self.checked = encoder, False

    def forward(self, batch: Batch) -> StepOutput:
        (view,) = batch.views  # [N, 3, H, W]
        self.check(batch)
        z = self.encoder(view)  # [N, classes]
        loss = cross_entropy(z.float() if z.dtype.itemsize == 2 else z, batch.labels)
        return StepOutput(loss, {"z_1": z.detach(), "view_1": view, "labels": batch.labels})

    def check(self, batch: Batch) -> None:
        """InputError where there are more classes than logits; once, since a GPU must wait for the answer."""
        if not self.checked and int(batch.labels.max()) >= self.encoder.dimension:
            raise InputError(
                f"dimension is {self.encoder.dimension}, but a label is {int(batch.labels.max())}; "
                "give the projector one dimension a class"
            )
        self.checked = True
