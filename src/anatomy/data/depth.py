"""Convert pictures of more than 8 bits to 8: by their declared depth where the values use it, else by their range.

A 12-bit camera's values in a 16-bit file reach a sixteenth of its range, and would come out nearly black. Which values
become black and white is decided once for a whole data set, by its training images.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageFile, ImageOps

PERCENTILES = (0.1, 99.9)  # of the training images' values: a few hot or dead pixels do not count
MIN_DEPTH_USED = 0.5  # of the declared depth; a set that uses less has no value with the highest bit
SAMPLE = 2**22  # values that the percentiles are taken of, at most


class Deep(NamedTuple):
    """The values of a picture of more than 8 bits, cropped and resized."""

    values: np.ndarray  # float32 [size, size] or [size, size, 3]
    top: float  # what is white by the declared depth
    cover: np.ndarray | None  # opacity, float32 [size, size, 1]


def declared(image: Image.Image) -> float | None:
    """White by an opened file's declared depth: 65535 of 16 bits, 1 of floats; None for at most 8 bits a channel."""
    if image.mode[0] == "F":
        return 1.0
    raw = _rawmode(image)
    if image.mode[0] == "I":
        return 4095.0 if "I;12" in raw else 65535.0
    return 65535.0 if image.mode in ("RGB", "RGBA") and ";16" in raw else None


def deep(path: Path, upright: Image.Image, top: float, size: int) -> Deep:
    """All bits of an opened picture; of colors Pillow keeps the high bytes, so the file is opened again."""
    if upright.mode[0] in "IF":
        return Deep(_fit(finite(upright), size), top, None)
    high = np.asarray(upright, np.float32)
    try:
        values = 256 * high + np.asarray(_low_bytes(path), np.float32)
    except (OSError, ValueError, KeyError):  # a layout whose low bytes Pillow cannot give
        values = 257 * high
    channels = [_fit(values[..., i], size) for i in range(3)]
    cover = _fit(high[..., 3] / 255, size)[..., None] if high.shape[2] == 4 else None
    return Deep(np.stack(channels, axis=2), top, cover)


def finite(image: Image.Image) -> np.ndarray:
    """Gray values, float64 [H, W]: what is not finite is the smallest or the largest there is."""
    values = np.asarray(image, np.float64)
    known = values[np.isfinite(values)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    return np.nan_to_num(values, nan=low, neginf=low, posinf=high)


def brighten(images: np.ndarray, found: Mapping[int, Deep], trained_on: np.ndarray) -> list[str]:
    """Redraw in `images` [N, size, size, 3] those that use a fraction of their depth; a sentence for each depth.

    `trained_on`, boolean [N], decides; where none of these is deep, all deep ones do.
    """
    said = []
    for top in sorted({picture.top for picture in found.values()}):
        members = [i for i, picture in found.items() if picture.top == top]
        deciding = [i for i in members if trained_on[i]]
        low, high = span([found[i].values for i in deciding or members])
        if low == high or (low >= 0 and high <= top and high - low >= MIN_DEPTH_USED * top):
            continue
        for i in members:
            images[i] = _drawn(found[i], low, high)
        whose = "training" if deciding else "test"
        said.append(
            f"{len(members)} images have more than 8 bits and use {low:.4g} to {high:.4g} of the "
            f"declared 0 to {top:g}; these values, percentiles {PERCENTILES[0]} and {PERCENTILES[1]} of the {whose} "
            f"images, are black and white"
        )
    return said


def span(values: list[np.ndarray]) -> tuple[float, float]:
    """The percentiles; where they are equal (few pixels differ), the smallest and the largest value."""
    # An odd step meets every column of an image.
    step = -(-sum(picture.size for picture in values) // SAMPLE) | 1
    sample = np.concatenate([picture.ravel()[::step] for picture in values])
    low, high = (float(value) for value in np.percentile(sample, PERCENTILES))
    return (low, high) if low < high else (float(sample.min()), float(sample.max()))


def _drawn(picture: Deep, low: float, high: float) -> np.ndarray:
    """uint8 [size, size, 3] or, of gray, [size, size, 1]; what is transparent on white."""
    values = ((picture.values.astype(np.float64) - low) / (high - low)).clip(0, 1)
    values = values if values.ndim == 3 else values[..., None]
    if picture.cover is not None:
        values = 1 - picture.cover * (1 - values)
    return (255 * values).round().astype(np.uint8)


def _fit(values: np.ndarray, size: int) -> np.ndarray:
    """Center-cropped and resized as the 8-bit picture is, and without what the resizing overshoots."""
    image = Image.fromarray(values.astype(np.float32))
    fitted = np.asarray(ImageOps.fit(image, (size, size), Image.Resampling.BICUBIC))
    return fitted.clip(np.float32(values.min()), np.float32(values.max()))


def _rawmode(image: Image.Image) -> str:
    """How an opened file's pixels lie in it, as Pillow's decoders name it."""
    return str(image.tile[0].args) if isinstance(image, ImageFile.ImageFile) and image.tile else ""


def _low_bytes(path: Path) -> Image.Image:
    """The picture with each value's low byte: decoded as if its bytes stood the other way round."""
    other = {"16B": "16L", "16L": "16B", "16N": "16B" if sys.byteorder == "little" else "16L"}
    with Image.open(path) as image:
        assert isinstance(image, ImageFile.ImageFile)
        args: Any = image.tile[0].args  # the layout's name, in a compressed TIFF the first of several
        layout, *rest = [args] if isinstance(args, str) else args
        swapped = layout[:-3] + other[layout[-3:]]
        image.tile = [tile._replace(args=(swapped, *rest) if rest else swapped) for tile in image.tile]
        return ImageOps.exif_transpose(image)
