"""What the tests of the command line share: one small run, and what a wrong input is answered with."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anatomy.cli import main
from tiny import one_line

TINY = "--method simco --temperature 0.1 --images 128 --epochs 1 --batch-size 32 --size 16 --width 4"
TINY += " --recorders hardness,scores --precision fp32"
Said = pytest.CaptureFixture[str]


def run(*more: str) -> int:
    return main(["run", *TINY.split(), *more])


def as_json(capfd: Said) -> Any:
    return json.loads(capfd.readouterr().out)


def rejected(arguments: list[str], store: Path, capfd: Said) -> str:
    """The one line that a wrong input is answered with."""
    assert main(arguments) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert not store.exists()
    line = one_line(said.err)
    assert line.startswith("anatomy: ")
    return line


def archive(folder: Path, **changed: Any) -> Path:
    """A sound archive `mine.npz` of 60 and 20 images of 8 x 8 in 2 classes, with some arrays changed or left out."""
    arrays: dict[str, Any] = {}
    for split, count in {"train": 60, "test": 20}.items():
        drawn = np.random.Generator(np.random.PCG64(count)).integers(0, 256, (count, 8, 8, 3))
        arrays |= {f"{split}_images": drawn.astype(np.uint8), f"{split}_labels": np.arange(count) % 2}
    arrays = {name: value for name, value in (arrays | changed).items() if value is not None}
    np.savez(folder / "mine.npz", **arrays)
    return folder / "mine.npz"
