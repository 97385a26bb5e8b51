"""The color operations of views, each equal to torchvision's: n images [n, 3, S, S] in [0, 1] changed in place by a
factor [n, 1, 1] each."""

from collections.abc import Callable

import torch
from torch import Tensor

BRIGHTNESS, CONTRAST, SATURATION, HUE = range(4)  # the columns of `Parameters.factors`, the values in its `order`
LUMA = (0.2989, 0.587, 0.114)  # ITU-R 601-2, as torchvision rounds it


def luma(views: Tensor) -> Tensor:
    """Brightness [n, S, S] of colors."""
    red, green, blue = views.unbind(1)
    return (red * LUMA[0]).add_(green, alpha=LUMA[1]).add_(blue, alpha=LUMA[2])


def _brightness(views: Tensor, factor: Tensor) -> None:
    views.mul_(factor[:, None]).clamp_(0, 1)


def _contrast(views: Tensor, factor: Tensor) -> None:
    mean = luma(views).mean((1, 2), keepdim=True)
    views.mul_(factor[:, None]).add_((mean * (1 - factor))[:, None]).clamp_(0, 1)


def _saturation(views: Tensor, factor: Tensor) -> None:
    gray = luma(views).mul_(1 - factor)
    views.mul_(factor[:, None]).add_(gray[:, None]).clamp_(0, 1)


def _hue(views: Tensor, turns: Tensor) -> None:
    """Turn the hue of HSV (A. R. Smith 1978) by a share of the circle.

    With the hue h in sixths of a turn, c = clamp(|h - 3|, 1, 2) - 1 is how far red stands above the
    least channel, as a share of the chroma; green and blue are 1 - c around their own hue, 2 and 4.
    """
    red, green, blue = views.unbind(1)
    value = torch.maximum(torch.maximum(red, green), blue)
    least = torch.minimum(torch.minimum(red, green), blue)
    chroma = value - least
    hue = _sector(red, green, blue, value, chroma).add_(turns * 6)
    hue.sub_((hue / 6).floor_(), alpha=6)  # into [0, 6]
    torch.addcmul(least - chroma, chroma, (hue - 3).abs_().clamp_(1, 2), out=red)
    above = torch.add(least, chroma, alpha=2)
    torch.addcmul(above, chroma, (hue - 2).abs_().clamp_(1, 2), value=-1, out=green)
    torch.addcmul(above, chroma, (hue - 4).abs_().clamp_(1, 2), value=-1, out=blue)


def _sector(red: Tensor, green: Tensor, blue: Tensor, value: Tensor, chroma: Tensor) -> Tensor:
    """The hue in sixths of a turn, -1 .. 5, measured from the greatest channel; 0 for gray."""
    other = _where_equal(value, green, (blue - red).add_(chroma, alpha=2), (red - green).add_(chroma, alpha=4))
    scaled = _where_equal(value, red, green - blue, other)
    return scaled.div_(chroma.clamp(min=torch.finfo(chroma.dtype).tiny))


def _where_equal(a: Tensor, b: Tensor, yes: Tensor, no: Tensor) -> Tensor:
    """torch.where(a == b, yes, no), written to `no`; on a processor torch's own takes four times as long."""
    equal = torch.eq(a, b, out=torch.empty_like(no))
    return no.mul_(1 - equal).addcmul_(yes, equal)


OPERATIONS: tuple[Callable[[Tensor, Tensor], None], ...] = (
    _brightness,
    _contrast,
    _saturation,
    _hue,
)
