"""Views: random augmentation of resident images, a whole batch at a time.

The recipe is MoCo v2's (Chen et al. 2020, arXiv:2003.04297; facebookresearch/moco, main_moco.py)
without its blur, as in the authors' CIFAR notebook: random resized crop, color jitter, gray, flip.
Every image has its own parameters, and each operation of `standard` equals torchvision's on float images in
[0, 1] (tests/test_views.py compares them one by one). Only the way there is batched: crop, resize
and flip are two small matrices an image, and color operations are done to many images at once (`recolor.py`).
"""

import math

import torch
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor

from anatomy.augmentation.parameters import Matrices, Operations, Parameters
from anatomy.augmentation.recolor import in_one_matrix, recolored
from anatomy.errors import InputError
from anatomy.quantities import Amount, Share

ASPECT = (3 / 4, 4 / 3)  # of a crop, width : height
ATTEMPTS = 10  # at a crop that fits, then the central one


def standard(
    count: int,
    height: int,
    width: int,
    generator: torch.Generator,
    *,
    crop_min: Share = 0.2,
    jitter: Amount = 0.4,
    hue: Share = 0.1,
    jitter_share: Share = 0.8,
    gray_share: Share = 0.2,
    flip_share: Share = 0.5,
) -> Operations:
    """Draw one view of each of `count` images of `height` x `width` pixels.

    `crop_min` is the smallest share of the area that a crop keeps; `jitter` the strength for
    brightness, contrast and saturation (factors in 1 - jitter .. 1 + jitter, none below 0); `hue`
    is in turns; the `.._share` are probabilities. Drawn on the CPU, so a GPU run sees the same
    views. How many numbers are drawn depends on `count` only: an option changes its own parameters
    and no other.
    """
    if hue > 0.5:
        raise InputError(f"hue {hue} is more than half a turn; it must lie in 0 .. 0.5, try 0.5")
    box = _draw_boxes(count, height, width, generator, crop_min)
    low = torch.tensor([max(0.0, 1 - jitter)] * 3 + [-hue])
    high = torch.tensor([1 + jitter] * 3 + [hue])
    factors = low + (high - low) * torch.rand(count, 4, generator=generator)
    order = torch.rand(count, 4, generator=generator).argsort(1)  # a random permutation a row
    chance = torch.rand(count, 3, generator=generator)
    jittered, gray, flip = (chance < torch.tensor([jitter_share, gray_share, flip_share])).unbind(1)
    return Operations(box, flip, factors, order.where(jittered[:, None], -1), gray)


def matrix(
    count: int,
    height: int,
    width: int,
    generator: torch.Generator,
    *,
    crop_min: Share = 0.2,
    jitter: Amount = 0.4,
    hue: Share = 0.1,
    jitter_share: Share = 0.8,
    gray_share: Share = 0.2,
    flip_share: Share = 0.5,
) -> Matrices:
    """The draws of `standard`, whose color operations are one matrix an image: faster, and not torchvision's.

    Hues are rotated in the plane of YIQ instead of that of HSV, and colors are cut to [0, 1] at the end alone.
    """
    drawn = standard(
        count,
        height,
        width,
        generator,
        crop_min=crop_min,
        jitter=jitter,
        hue=hue,
        jitter_share=jitter_share,
        gray_share=gray_share,
        flip_share=flip_share,
    )
    return in_one_matrix(drawn)


def whole(count: int, height: int, width: int, generator: torch.Generator, *, flip_share: Share = 0.0) -> Operations:
    """The image itself, `count` times: no augmentation, unless it is flipped with probability `flip_share`."""
    box = torch.tensor([0, 0, height, width]).expand(count, 4)
    flip = torch.rand(count, generator=generator) < flip_share
    as_it_is = torch.ones(count, 4)
    return Operations(box, flip, as_it_is, torch.full((count, 4), -1), torch.zeros_like(flip))


def _draw_boxes(count: int, height: int, width: int, generator: torch.Generator, crop_min: float) -> Int[Tensor, "N 4"]:
    """torchvision's RandomResizedCrop: area uniform, aspect log-uniform, the first that fits."""
    # In float64: what is rounded to pixels here must be the same pixels on every processor.
    draws = torch.rand(count, 2 * ATTEMPTS + 2, generator=generator, dtype=torch.float64)
    area = height * width * (crop_min + (1 - crop_min) * draws[:, :ATTEMPTS])
    low, high = map(math.log, ASPECT)
    aspect = (low + (high - low) * draws[:, ATTEMPTS:-2]).exp()
    sides = torch.stack(((area / aspect).sqrt(), (area * aspect).sqrt()), 2).round().long()
    limit = torch.tensor([height, width])
    fits = ((sides > 0) & (sides <= limit)).all(2)  # [N, attempts]
    first = fits.int().argmax(1)  # the first of the largest: 0 if none fits, replaced below
    sides = sides[torch.arange(count), first]  # [N, 2]
    corner = ((limit - sides + 1) * draws[:, -2:]).long()
    central = _central_box(height, width)
    return torch.cat((corner, sides), 1).where(fits.any(1, keepdim=True), central)


def _central_box(height: int, width: int) -> Int[Tensor, " 4"]:
    """The largest central crop whose aspect lies within ASPECT."""
    tall = min(height, round(width / ASPECT[0]))
    wide = min(width, round(height * ASPECT[1]))
    return torch.tensor([(height - tall) // 2, (width - wide) // 2, tall, wide])


@torch.no_grad()
def apply(images: UInt8[Tensor, "N 3 H W"], parameters: Parameters, *, size: int) -> Float[Tensor, "N 3 {size} {size}"]:
    """The drawn views, `size` x `size` pixels and normalized, on the device of the images; a card is not waited for."""
    here = parameters.to(images.device)
    return _normalize(recolored(_resize(images, here.box, here.flip, size), here))


@torch.no_grad()
def clean(images: UInt8[Tensor, "N 3 H W"], *, size: int) -> Float[Tensor, "N 3 {size} {size}"]:
    """The whole images at `size` x `size` pixels, normalized as the views are: for evaluation."""
    whole = torch.tensor([[0, 0, *images.shape[2:]]], device=images.device)
    return _normalize(_resize(images, whole, torch.zeros_like(whole[:, 0], dtype=torch.bool), size))


def _normalize(views: Tensor) -> Tensor:
    """(x - 0.5) / 0.25, in place, for every data set.

    The papers' scripts divide by each set's own mean and deviation (CIFAR-10: 0.49, 0.48, 0.45 and
    0.20). One constant is as good for a network that begins with a normalization layer, takes
    nothing from images that a run must not see, and is one thing less to know about a new set.
    """
    return views.sub_(0.5).mul_(4)


def _resize(
    images: UInt8[Tensor, "N 3 H W"], box: Int[Tensor, "M 4"], flip: Bool[Tensor, " M"], size: int
) -> Float[Tensor, "N 3 {size} {size}"]:
    """Crop, flip and resize to values in [0, 1]: rows @ color @ columns for each color. M is N or 1."""
    rows = _weights(box[:, 0], box[:, 2], torch.zeros_like(flip), images.shape[2], size).div_(255)
    columns = _weights(box[:, 1], box[:, 3], flip, images.shape[3], size)
    # autocast would round the pixels to 8 bits
    with torch.autocast(images.device.type, enabled=False):
        # One product of [N, 3, ..] would copy both matrices for each color, which takes longer than to multiply.
        narrow = (images.float().flatten(1, 2) @ columns.mT).unflatten(1, images.shape[1:3])
        views: Tensor = narrow.new_empty(3, len(narrow), size, size)
        for color, view in zip(narrow.unbind(1), views, strict=True):
            torch.bmm(rows.expand(len(color), -1, -1), color, out=view)
        return views.transpose(0, 1)


def _weights(
    start: Int[Tensor, " M"],
    length: Int[Tensor, " M"],
    flip: Bool[Tensor, " M"],
    side: int,
    size: int,
) -> Float[Tensor, "M {size} {side}"]:
    """How much each of `side` pixels adds to each of `size` pixels of the view, along one axis.

    torchvision's antialiased bilinear resize of the crop alone: a triangle around the new pixel's
    center, `scale` old pixels wide to each side (at least 1), cut off at the crop's border.
    """
    index = torch.arange(size, device=start.device).expand(len(start), -1)
    index = torch.where(flip[:, None], size - 1 - index, index)
    scale = (length / size)[:, None]  # old pixels to one new pixel
    center = start[:, None] + scale * (index + 0.5)  # [M, size]
    pixel = torch.arange(side, device=start.device)
    inside = (pixel >= start[:, None]) & (pixel < (start + length)[:, None])  # [M, side]
    distance = (pixel + 0.5 - center[:, :, None]).abs_()  # [M, size, side]
    hanging = distance.div_(scale.clamp(min=1)[:, :, None]).sub_(1).clamp_(max=0)  # the triangle, times -1
    hanging.mul_(inside[:, None].float())
    return hanging.div_(hanging.sum(2, keepdim=True))
