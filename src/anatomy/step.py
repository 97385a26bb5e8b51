"""What goes into a training step and what comes out: the only words that trainer, methods and recorders share."""

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from torch import Tensor, nn


@dataclass(frozen=True)
class Batch:
    """N images, each seen `method.views` times."""

    views: tuple[Tensor, ...]  # [N, 3, H, W] each, float, normalized
    labels: Tensor  # [N] int64; a method for learning without labels does not look at them
    index: Tensor  # [N] int64, the image's number in the training set


@dataclass(frozen=True)
class StepOutput:
    """The loss of a step and what may be watched.

    `watch` maps words of the vocabulary (`positive`, `negatives`, `z_1`, ...) to detached tensors; what follows from
    them (hardness, logits) a recorder computes itself, every r-th step, so a method pays nothing for being watched.
    """

    loss: Tensor  # scalar, nats
    watch: dict[str, object] = field(default_factory=dict)


@runtime_checkable
class Method(Protocol):
    """A method is an `nn.Module` with these three things; `forward` reads like the paper's algorithm."""

    views: int  # how many views of each image it wants
    encoder: nn.Module  # what is evaluated: `encoder.backbone` gives the representation h

    def __call__(self, batch: Batch) -> StepOutput: ...

    def after_step(self, output: StepOutput) -> None:
        """Change what the optimizer does not: momentum encoder, queue, per-image buffers."""
