"""Learning with labels, for what a chapter must see without a contrastive loss: cross-entropy of a softmax classifier.

The setting in which normalization layers were proposed and compared: Ioffe and Szegedy 2015, arXiv:1502.03167.
"""

from torch.nn.functional import cross_entropy

from anatomy.errors import InputError
from anatomy.networks.heads import Encoder
from anatomy.step import Batch, Method, StepOutput


class Supervised(Method):
    """The embedding z has one entry a class, its logit: a projector `linear` or `mlp` of as many dimensions."""

    views = 1

    def __init__(self, classifier: Encoder) -> None:
        super().__init__()
        self.encoder = classifier

    def check_data(self, images: int, classes: int) -> None:
        if classes > self.encoder.dimension:
            raise InputError(
                f"dimension is {self.encoder.dimension}, but a label is {classes - 1}; "
                "give the projector one dimension a class"
            )

    def forward(self, batch: Batch) -> StepOutput:
        (view,) = batch.views  # [N, 3, H, W]
        z = self.encoder(view)  # [N, classes]
        loss = cross_entropy(z.float() if z.dtype.itemsize == 2 else z, batch.labels)
        return StepOutput(loss, {"z_1": z.detach(), "view_1": view, "labels": batch.labels})
