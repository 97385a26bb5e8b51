"""Image folders for the tests of anatomy.data, and what is said of them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from anatomy import data
from anatomy.data import folder, pictures
from anatomy.errors import InputError

SIZE = folder.SIZE
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def paint(
    path: Path, color: object = RED, mode: str = "RGB", size: tuple[int, int] = (40, 30), **options: object
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, color).save(path, **options)
    return path


def two_classes(root: Path, count: int = 10, part: str = "train") -> Path:
    """root/mine/<part>/{cat,dog}/0.png ...: cats are red and dogs blue, brighter from image to image."""
    for i in range(count):
        paint(root / "mine" / part / "cat" / f"{i}.png", (100 + i, 0, 0))
        paint(root / "mine" / part / "dog" / f"{i}.png", (0, 0, 100 + i))
    return root / "mine"


def shown(path: Path) -> np.ndarray:
    """The picture of one file."""
    return pictures.decoded(path, SIZE)[0]


def sentence(name: str, root: Path) -> str:
    """The message of the InputError that both load and digest raise."""
    with pytest.raises(InputError) as from_load:
        data.load(name, root)
    with pytest.raises(InputError) as from_digest:
        data.digest(name, root)
    assert str(from_digest.value) == str(from_load.value)
    assert "\n" not in str(from_load.value)
    return str(from_load.value)
