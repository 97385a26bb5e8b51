"""Views and steps beside lightly's, in one process, on one thread, by CPU time.

1. Two SimCLR views of an image in memory, at one policy: crop, flip, jitter, gray; no blur. Ours are `views.standard`,
   with the same semantics, and `views.matrix`, where the colors of an image are changed by one matrix.
2. A SimCLR step of a ResNet-18 with the CIFAR stem: images in memory to updated weights. lightly's side is its own
   parts, as in its examples/pytorch/simclr.py: SimCLRTransform image by image, ResNetGenerator, SimCLRProjectionHead,
   NTXentLoss, SGD, float32. Ours is `train.train_step`, in bfloat16 where that is faster.
3. The step alone, on views that are there, both in float32 and channels_last, neither compiled: what is left of the
   ratio is not precision, layout or views.

There is no file to decode and no worker process on either side; both would be in our favor.
"""

from collections.abc import Callable
from functools import partial

import torch
from lightly.loss import NTXentLoss
from lightly.models import ResNetGenerator
from lightly.models.modules import SimCLRProjectionHead
from lightly.transforms import SimCLRTransform
from PIL import Image
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from anatomy.augmentation import views
from anatomy.augmentation.parameters import Parameters
from measuring import Beside, beside, share
from our_step import POLICY, STEPS, TEMPERATURE, OurStep

DRAWN = {"two SimCLR views of a 32 x 32 image": views.standard, "the same, colors by one matrix an image": views.matrix}
SIZES = ((16, 256), (64, 64))  # width, batch: a larger batch at width 64 takes minutes


def measured(rounds: int, precision: str, compiled: bool) -> list[Beside]:
    """All rows, smallest first."""
    pixels = OurStep(*SIZES[0], precision).pixels()
    drawing = [beside(what, lambda: lightly_views(pictures(pixels)), partial(our_views, pixels, draw), rounds,
                      images=len(pixels)) for what, draw in DRAWN.items()]  # fmt: skip
    return [*drawing, *(row for width, batch in SIZES for row in steps(width, batch, rounds, precision)),
            *([step(*SIZES[0], rounds, precision, compile="yes")] if compiled else [])]  # fmt: skip


def steps(width: int, batch: int, rounds: int, precision: str) -> list[Beside]:
    return [step(width, batch, rounds, precision), same_views(width, batch, rounds)]


def step(width: int, batch: int, rounds: int, precision: str, compile: str = "no") -> Beside:
    ours = OurStep(width, batch, precision, compile)
    theirs = LightlyStep(width, pictures(ours.pixels()))
    what = f"step of a ResNet-18, width {width}, batch {batch}" + (", ours compiled" if compile == "yes" else "")
    row = beside(what, theirs, ours, rounds, images=batch * STEPS)
    return with_share(row, ours, precision)


def same_views(width: int, batch: int, rounds: int) -> Beside:
    """Both sides in float32, channels_last, not compiled, from the same views to updated weights."""
    ours = OurStep(width, batch, "fp32")
    given = ours.one_batch()
    theirs = LightlyStep(width, []).in_channels_last()
    what = f"the same from given views, both fp32 and channels_last, width {width}"
    row = beside(what, lambda: theirs.step(*given.views), lambda: ours.step(given), rounds, images=batch)
    return with_share(row, ours, "fp32")


def with_share(row: Beside, ours: OurStep, precision: str) -> Beside:
    """Beside the step's own multiplications and additions."""
    given = ours.one_batch()
    with FlopCounterMode(display=False) as counter:
        ours.step(given)
    seconds = len(given.index) / row["ours"]
    return row | {"share": share(counter.get_total_flops(), seconds, precision)}


# --- two views of each of the images


def pictures(pixels: Tensor) -> list[Image.Image]:
    return [Image.fromarray(image.permute(1, 2, 0).numpy()) for image in pixels]


def lightly_views(pictures: list[Image.Image]) -> list[Tensor]:
    transform = SimCLRTransform(input_size=32, cj_strength=0.5, gaussian_blur=0)
    drawn = [transform(picture) for picture in pictures]
    return [torch.stack(view) for view in zip(*drawn, strict=True)]  # 2 x [N, 3, 32, 32]


def our_views(pixels: Tensor, draw: Callable[..., Parameters]) -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    drawn = (draw(len(pixels), 32, 32, generator, **POLICY) for _ in range(2))
    return [views.apply(pixels, parameters, size=32) for parameters in drawn]


# --- from images in memory to updated weights; a call makes STEPS steps


class LightlyStep:
    """The loop of lightly's examples/pytorch/simclr.py, on its own network."""

    def __init__(self, width: int, pictures: list[Image.Image]) -> None:
        resnet = ResNetGenerator("resnet-18", width=width / 64)
        backbone = nn.Sequential(*list(resnet.children())[:-1], nn.AdaptiveAvgPool2d(1))
        head = SimCLRProjectionHead(8 * width, 8 * width, 128)
        self.pictures = pictures
        self.model = nn.Sequential(backbone, nn.Flatten(), head)
        self.loss = NTXentLoss(temperature=TEMPERATURE)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.06)

    def in_channels_last(self) -> "LightlyStep":
        self.model.to(memory_format=torch.channels_last)
        return self

    def __call__(self) -> None:
        for _ in range(STEPS):
            self.step(*lightly_views(self.pictures))

    def step(self, view_1: Tensor, view_2: Tensor) -> None:
        loss = self.loss(self.model(view_1), self.model(view_2))
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad()
