"""What goes into a training step and what comes out: the only words that trainer, methods and recorders share."""

from dataclasses import dataclass, field
from typing import Any

from torch import Generator, Tensor, nn

from anatomy.heads import Encoder


@dataclass(frozen=True)
class Batch:
    """N images, each seen `method.views` times."""

    views: tuple[Tensor, ...]  # [N, 3, H, W] each, float, normalized
    labels: Tensor  # [N] int64; a method for learning without labels does not look at them
    index: Tensor  # [N] int64, the image's number in the training set
    epoch: int = 0
    # Of this epoch, on the CPU: an epoch that begins again after a stop draws the same. None: torch's own.
    generator: Generator | None = None


@dataclass(frozen=True)
class StepOutput:
    """The loss of a step and what may be watched.

    `watch` maps words of the vocabulary (`positive`, `negatives`, `z_1`, ...) to detached tensors; what follows from
    them (hardness, logits) a recorder computes itself, every r-th step, so a method pays nothing for being watched.
    """

    loss: Tensor  # scalar, nats
    watch: dict[str, Any] = field(default_factory=dict)


class Method(nn.Module):
    """The contract of a method, and nothing but: `forward(batch) -> StepOutput` reads like the paper's algorithm."""

    views: int  # how many views of each image it wants
    encoder: Encoder  # what is evaluated: `encoder.backbone` gives the representation h

    def refuse_unfit(self, images: int, classes: int) -> None:
        """InputError where the method cannot learn from so many images and classes. Asked once, before the first step:
        a question to a tensor of a step would make a GPU wait, and an index beyond the end breaks it."""

    def after_step(self, output: StepOutput) -> None:
        """Change what the optimizer does not: momentum encoder, queue, per-image buffers."""

    def constant_rate(self) -> list[nn.Parameter]:
        """Parameters that the learning rate's schedule leaves alone: they keep its peak. None of most methods'."""
        return []
