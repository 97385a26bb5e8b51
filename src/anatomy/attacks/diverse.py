"""A random resize and a random place on black: what DI-FGSM shows the network instead of the image.

Xie et al. 2019, arXiv:1803.06978 (299 pixels to at most 330, with probability 0.5). For small images the result is
resized to the size that the network knows.
"""

from collections.abc import Callable
from functools import partial

import torch
from jaxtyping import Float
from torch import Generator, Tensor
from torch.nn.functional import interpolate, pad


def diverse(generator: Generator, *, share: float = 0.5, ratio: float = 1.1) -> Callable[[Tensor], Tensor]:
    """What `pgd` takes as `shown`: with probability `share` all images of a step are changed alike."""
    return partial(resized, generator=generator, share=share, ratio=ratio)


def resized(
    images: Float[Tensor, "N 3 H W"], *, generator: Generator, share: float, ratio: float
) -> Float[Tensor, "N 3 H W"]:
    side = images.shape[-1]
    largest = max(side + 1, int(side * ratio))
    chance, size, top, left = torch.rand(4, generator=generator).tolist()
    if chance >= share:
        return images
    new = side + int(size * (largest - side))  # side .. largest - 1
    above, before = int(top * (largest - new + 1)), int(left * (largest - new + 1))
    small = interpolate(images, size=(new, new), mode="nearest")
    placed = pad(small, (before, largest - new - before, above, largest - new - above))
    return interpolate(placed, size=(side, side), mode="bilinear", align_corners=False)
