"""What is drawn for a view, before any image is touched."""

from dataclasses import dataclass, fields
from typing import TypeVar

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from anatomy.hardware.device import move

Same = TypeVar("Same", bound="Cropped")


@dataclass(frozen=True)
class Cropped:
    """What was drawn for one view of each of N images: here its place; `parameters[index]` selects rows."""

    box: Int[Tensor, "N 4"]  # top, left, height, width in pixels
    flip: Bool[Tensor, " N"]

    def __len__(self) -> int:
        return len(self.box)

    def __getitem__(self: Same, index: Tensor | slice) -> Same:
        return type(self)(*(getattr(self, field.name)[index] for field in fields(self)))

    def to(self: Same, device: torch.device) -> Same:
        return type(self)(*(move(getattr(self, field.name), device) for field in fields(self)))


@dataclass(frozen=True)
class Operations(Cropped):
    """Colors changed by one operation after another."""

    factors: Float[Tensor, "N 4"]  # of brightness, contrast, saturation; hue in turns
    order: Int[Tensor, "N 4"]  # which color operation comes first, ..; -1 where none does
    gray: Bool[Tensor, " N"]


@dataclass(frozen=True)
class Matrices(Cropped):
    """Colors changed by one map of an image: matrix @ color + lift x (luma of its mean color)."""

    matrix: Float[Tensor, "N 3 3"]
    lift: Float[Tensor, " N"]


Parameters = Operations | Matrices
