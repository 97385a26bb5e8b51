"""Where images come from: `shapes`, drawn here, or a set of the folder `data_root`. No torch.

There a name means the first of these: the archive `<name>.npz`; the image folder `<name>/`, or `data_root` itself if it
is called so; one of torchvision's sets, from its own files or its own download.

`split` says what a run trains on and what it is evaluated on. Which images are put aside as unseen
does not depend on the run's seed, so no run trains on the images that another was chosen by.
"""

from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from anatomy.data import archive, folder, shapes, torchvision_sets
from anatomy.data.archive import EMBEDDED as EMBEDDED
from anatomy.data.archive import Dataset as Dataset
from anatomy.data.scan import check_reachable
from anatomy.errors import InputError, nearest
from anatomy.paths import called, given_path

# Digests of the official CIFAR archives: a published run is found by its key where the images are not.
KNOWN = {
    "shapes": shapes.DIGEST,
    "cifar10": "1b351a916d9a46af",
    "cifar100": "164276a9907ef513",
}

Pair = tuple[np.ndarray, np.ndarray]


def load(name: str, data_root: str | Path | None = None) -> Dataset:
    """The data set of this name, read once a process; InputError if it is not there or is wrong."""
    if name == archive.EMBEDDED:
        return _shapes()
    root = _root(name, data_root)
    if path := archive.find(name, root):
        return archive.read(path)
    if path := folder.find(name, root):
        return folder.read(path)
    return torchvision_sets.read(name, root)


def digest(name: str, data_root: str | Path | None = None) -> str:
    """16 hex characters that stand for the content; without data_root the one of the official archive."""
    if name in KNOWN and (data_root is None or name == archive.EMBEDDED):
        return KNOWN[name]
    root = _root(name, data_root)
    if path := archive.find(name, root):
        return archive.digest(path)
    return folder.digest(path) if (path := folder.find(name, root)) else torchvision_sets.digest(name, root)


def split(
    dataset: Dataset,
    *,
    images: int | None = None,
    evaluate_on: Literal["held_out", "test"] = "held_out",
) -> tuple[Pair, Pair]:
    """(images, labels) to train on, and (images, labels) to evaluate on, none of them trained on.

    held_out: one tenth of the training images is unseen, the others are trained on; test: all are
    trained on. `images` keeps the first so many of these, in an order equal for all runs.
    """
    count = len(dataset.train_images)
    order = _order(count)
    unseen = _unseen(count, evaluate_on)
    seen = order[unseen : unseen + _trained_on(dataset.name, count, images, evaluate_on)]
    trained = dataset.train_images[seen], dataset.train_labels[seen]
    if evaluate_on == "test":
        return trained, (dataset.test_images, dataset.test_labels)
    # A smoke run of a few hundred images must not spend its time on the evaluation.
    aside = order[:unseen] if images is None else order[: min(unseen, max(200, images // 2))]
    return trained, (dataset.train_images[aside], dataset.train_labels[aside])


def train_count(
    name: str,
    data_root: str | Path | None = None,
    *,
    images: int | None = None,
    evaluate_on: Literal["held_out", "test"] = "held_out",
) -> int:
    """How many images a run of these settings trains on; InputError if the set is absent or smaller."""
    embedded = name == archive.EMBEDDED
    count = shapes.COUNTS["train"] if embedded else len(load(name, data_root).train_images)
    return _trained_on(name, count, images, evaluate_on)


def _unseen(count: int, evaluate_on: str) -> int:
    return max(1, count // 10) if evaluate_on == "held_out" else 0


def _trained_on(name: str, count: int, images: int | None, evaluate_on: str) -> int:
    available = count - _unseen(count, evaluate_on)
    if images is not None and not 1 <= images <= available:
        raise InputError(f"images = {images}; {name} has 1 to {available} to train on")
    return images or available


def _order(count: int) -> np.ndarray:
    """A fixed permutation. By sorting, since NumPy may change how `permutation` uses its generator."""
    return np.argsort(np.random.Generator(np.random.PCG64(0)).random(count), kind="stable")


def _root(name: str, data_root: str | Path | None) -> Path:
    """The folder to look in; InputError if it is not given, is not there, or has nothing of this name."""
    known = {*KNOWN, *torchvision_sets.SETS}
    if data_root is None:
        wanted = f"data_root, the folder that holds {name}.npz"
        if name in known:
            raise InputError(f"data set {name} needs {wanted} (embedded: {archive.EMBEDDED})")
        raise InputError(f"data set {name!r} is not embedded and no {wanted}, is given; {nearest(name, known)}")
    root = given_path(data_root, "data_root")
    if not root.is_dir():
        raise InputError(f"data_root {root} is not a folder; give the one that holds {name}.npz")
    try:
        there = [*archive.names(root), *folder.names(root)]
    except OSError as error:
        raise InputError(f"data_root {root} cannot be read ({error.strerror}); name a folder that can") from None
    if not called(name, there) and Path(name).name == name:
        check_reachable(root / name)
        check_reachable(root / name / "train")
    if not called(name, there) and name not in torchvision_sets.SETS:
        raise InputError(
            f"there is no {name}.npz in data_root {root}, nor an image folder {name} with {name}/train; "
            f"{nearest(name, {*there, *known})}"
        )
    return root


@lru_cache(maxsize=1)
def _shapes() -> Dataset:
    train, test = (shapes.draw(name, count) for name, count in shapes.COUNTS.items())
    return Dataset(archive.EMBEDDED, *train, *test, class_names=shapes.CLASS_NAMES)
