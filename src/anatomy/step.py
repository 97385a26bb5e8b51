"""The input and output of a training step: the types that trainer, methods and recorders share."""

from dataclasses import dataclass, field
from typing import Protocol, TypedDict, runtime_checkable

from jaxtyping import Float, Int
from torch import Generator, Tensor, nn

from anatomy.networks.heads import Encoder
from anatomy.similarity import Negatives


@dataclass(frozen=True)
class Batch:
    """N images, each seen `method.views` times."""

    views: tuple[Tensor, ...]  # [N, 3, H, W] each, float, normalized
    labels: Tensor  # [N] int64; a method for learning without labels does not look at them
    index: Tensor  # [N] int64, the image's number in the training set
    epoch: int = 0
    # Of this epoch, on the CPU: an epoch that begins again after a stop draws the same. None: torch's own.
    generator: Generator | None = None


class Watch(TypedDict, total=False):
    """What recorders may read of a step, all of it detached; a method gives the entries that it has."""

    z_1: Float[Tensor, "N D"]  # embeddings of view 1: unit vectors, of the anchors; logits where a method has labels
    z_2: Float[Tensor, "N D"]  # unit embeddings of view 2; of a method with keys, the keys of the anchors
    p_1: Float[Tensor, "N D"]  # unit predictions of view 1
    p_2: Float[Tensor, "N D"]  # and of view 2
    positive: Float[Tensor, " N"]  # similarity of each anchor to its positive, as the loss sees it
    negatives: Negatives  # similarities to the negatives, as the loss sees them
    temperatures: Float[Tensor, "C N"]  # that of each anchor and its positive, where it is learned, by C heads
    queue: Float[Tensor, "K D"]  # keys as they are stored, before any transform
    queue_index: Int[Tensor, " K"]  # the image that each key is of; -1 of none
    index: Int[Tensor, " N"]  # the number of each image in the training set
    view_1: Float[Tensor, "N 3 H W"]  # the pixels of view 1
    labels: Int[Tensor, " N"]
    before: Float[Tensor, " N"]  # loss of each image where an attack began, nats
    after: Float[Tensor, " N"]  # and where it ended, as the method trains on it


@dataclass(frozen=True)
class StepOutput:
    """The loss of a step, what recorders may read, and what the method needs after the optimizer's step.

    What follows from the entries of `watch` (hardness, logits) a recorder computes itself, every r-th step, so
    recording costs a method nothing.
    """

    loss: Tensor  # scalar, nats
    watch: Watch = field(default_factory=Watch)
    keep: dict[str, Tensor] = field(default_factory=dict)  # for `after_step` alone, detached


@runtime_checkable
class Loss(Protocol):
    """A function of losses/ with its temperatures bound: similarities in, nats out, one an anchor."""

    def __call__(self, positive: Tensor, negatives: Negatives, /, **others: Negatives) -> Tensor:
        """`positive` [N]; `others` is `negatives_inter`, of a loss that takes a second dictionary. Returns [N]."""


class Method(nn.Module):
    """The contract of a method: `forward(batch) -> StepOutput` reads like the paper's algorithm."""

    views: int  # how many views of each image it wants
    encoder: Encoder  # what is evaluated: `encoder.backbone` gives the representation h
    predictor: nn.Module | None  # embedding -> prediction, of a siamese method
    repeats = True  # `forward` does the same at each step of an epoch, so that a card may replay it (`cuda_graph`)

    def __init__(self) -> None:
        super().__init__()
        self.predictor = None  # here and not in the class, where it would hide the module that is set later

    def check_data(self, images: int, classes: int) -> None:
        """InputError where the method cannot learn from so many images and classes. Called once, before the first step:
        a check on a tensor of a step would make a GPU wait, and an index out of range would crash it."""

    def after_step(self, output: StepOutput) -> None:
        """Update what the optimizer does not: momentum encoder, queue, per-image buffers."""

    def constant_rate(self) -> list[nn.Parameter]:
        """Parameters that the schedule leaves at the peak learning rate; most methods have none."""
        return []
