"""Any image file that Pillow reads -> uint8 [size, size, 3]."""

import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps


def read(paths: Sequence[Path], size: int) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 [N, size, size, 3], and which could be decoded, boolean [N]; the others are black."""
    images = np.zeros((len(paths), size, size, 3), np.uint8)
    whole = np.zeros(len(paths), bool)
    # Pillow decodes without holding Python's lock. Its warnings (odd metadata, huge images) are not the reader's.
    with warnings.catch_warnings(), ThreadPoolExecutor() as pool:
        warnings.simplefilter("ignore")
        for i, image in enumerate(pool.map(decoded, paths, repeat(size))):
            if image is not None:
                images[i], whole[i] = image, True
    return images, whole


def decoded(path: Path, size: int) -> np.ndarray | None:
    """The first frame, upright, center-cropped to a square and resized; None if it cannot be decoded."""
    try:
        with Image.open(path) as image:
            image.draft(image.mode, (4 * size, 4 * size))  # a large JPEG is decoded at a fraction, eight times as fast
            upright = ImageOps.exif_transpose(image)
            return np.asarray(ImageOps.fit(rgb(upright), (size, size), Image.Resampling.BICUBIC))
    # Pillow's many decoders raise nearly everything (SyntaxError, struct.error, IndexError, ...) for a damaged file.
    except Exception:
        return None


def rgb(image: Image.Image) -> Image.Image:
    """An image of any mode in 8-bit RGB, what is transparent on white."""
    if image.mode[0] in "IF":
        image = eight_bits(image)
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


def eight_bits(image: Image.Image) -> Image.Image:
    """Gray of 16 bits, 32 bits or floats, scaled: Pillow's own `convert` would cut everything above 255.

    Integers count up to 65535, floats up to 1; where an image has more than that, up to its own largest.
    """
    values = np.nan_to_num(np.asarray(image, np.float64))  # [H, W]
    top = max(1.0 if image.mode == "F" else 65535.0, values.max())
    return Image.fromarray((255 * values.clip(0) / top).round().astype(np.uint8))
