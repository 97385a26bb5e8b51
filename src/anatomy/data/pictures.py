"""Read any image file that Pillow knows into uint8 [size, size, 3]."""

import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from anatomy.data import depth
from anatomy.data.depth import Deep

UNKNOWN = "no image that Pillow knows"


class Pictures(NamedTuple):
    """What was read of N files."""

    images: np.ndarray  # uint8 [N, size, size, 3]; black where nothing was read
    why: list[str]  # why nothing was; "" where something was
    deep: dict[int, Deep]  # of those with more than 8 bits


def read(paths: Sequence[Path], size: int) -> Pictures:
    """All of them, decoded in parallel."""
    images, why, deep = np.zeros((len(paths), size, size, 3), np.uint8), [""] * len(paths), {}
    # Pillow decodes without holding Python's lock. Its warnings (odd metadata, huge images) are not the reader's.
    with warnings.catch_warnings(), ThreadPoolExecutor() as pool:
        warnings.simplefilter("ignore")
        for i, found in enumerate(pool.map(_attempt, paths, repeat(size))):
            if isinstance(found, str):
                why[i] = found
                continue
            images[i], bits = found
            if bits is not None:
                deep[i] = bits
    return Pictures(images, why, deep)


def _attempt(path: Path, size: int) -> tuple[np.ndarray, Deep | None] | str:
    """The picture, or why there is none."""
    try:
        return decoded(path, size)
    except MemoryError:
        raise
    except UnidentifiedImageError:
        return UNKNOWN
    except Image.DecompressionBombError:
        return "more pixels than Pillow decodes"
    # Pillow's many decoders raise nearly everything (SyntaxError, struct.error, IndexError, ...) for a damaged file.
    except Exception as error:
        return str(getattr(error, "strerror", None) or "damaged").lower()


def decoded(path: Path, size: int) -> tuple[np.ndarray, Deep | None]:
    """The first frame, upright, center-cropped to a square and resized; with more than 8 bits, its values too."""
    with Image.open(path) as image:
        top = depth.declared(image)
        image.draft(image.mode, (4 * size, 4 * size))  # a large JPEG is decoded at a fraction, eight times as fast
        upright = ImageOps.exif_transpose(image)
        picture = np.asarray(ImageOps.fit(rgb(upright, top), (size, size), Image.Resampling.BICUBIC))
        return picture, None if top is None else depth.deep(path, upright, top, size)


def rgb(image: Image.Image, top: float | None) -> Image.Image:
    """An image of any mode in 8-bit RGB, what is transparent on white."""
    if image.mode[0] in "IF":
        image = eight_bits(image, top or 65535.0)
    if image.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(lab, srgb, "LAB", "RGB")
        converted = ImageCms.applyTransform(image, transform)
        assert converted is not None
        return converted
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def eight_bits(image: Image.Image, top: float) -> Image.Image:
    """Gray of 16 bits, 32 bits or floats, scaled so that `top` is white: Pillow's own `convert` would cut at 255."""
    return Image.fromarray((255 * depth.finite(image).clip(0, top) / top).round().astype(np.uint8))


@cache
def _endings() -> frozenset[str]:
    return frozenset(ending for ending, kind in Image.registered_extensions().items() if kind in Image.OPEN)


def is_picture(name: str) -> bool:
    """Whether a file is called like an image."""
    return Path(name).suffix.lower() in _endings()
