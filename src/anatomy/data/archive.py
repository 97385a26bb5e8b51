"""A data set as NumPy arrays, and how it is read from one archive.

`<data_root>/<name>.npz` holds `train_images` and `test_images` (uint8 [N, H, W, 3]), `train_labels`
and `test_labels` (any integer type, [N], classes from 0) and, if wanted, `class_names`. CIFAR-10
and CIFAR-100 (Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images") come in
this form. As in an image folder, every class of the test images has training images.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from anatomy.data import npz
from anatomy.errors import InputError
from anatomy.paths import called

ARRAYS = ("train_images", "train_labels", "test_images", "test_labels")
EMBEDDED = "shapes"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images uint8 [N, H, W, 3] and labels int64 [N] of both splits; the arrays are read-only.

    `notes` are sentences on what is not as it seems: files left out, pictures made brighter.
    """

    name: str
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    class_names: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # A loaded set is shared by all that ask for it (lru_cache below).
        for name in ARRAYS:
            getattr(self, name).setflags(write=False)


def digest_of(dataset: Dataset) -> str:
    """16 hex characters of sha256 over shape and bytes of the four arrays.

    Labels count as int64, so how an archive stores them does not matter; nor does how it is compressed.
    """
    total = hashlib.sha256()
    for name in ARRAYS:
        array = np.ascontiguousarray(getattr(dataset, name))
        total.update(f"{name} {array.shape} ".encode())
        total.update(array.astype(array.dtype.newbyteorder("<"), copy=False).data)
    return total.hexdigest()[:16]


def find(name: str, root: Path) -> Path | None:
    """The archive of this name in the folder; by the list of what is there, so that no name leaves the folder."""
    return root / f"{there}.npz" if (there := called(name, names(root))) else None


def names(root: Path) -> list[str]:
    """What the folder holds archives of."""
    return [path.stem for path in root.glob("*.npz")]


def read(path: Path) -> Dataset:
    """The checked data set of one archive; InputError names the first thing that is wrong with it."""
    return _read(*_state(path))


def digest(path: Path) -> str:
    """`digest_of` the archive's content; computed once a process, size and time of change."""
    return _digest(*_state(path))


def _state(path: Path) -> tuple[Path, int, int]:
    """The file, its size and the time of its last change; of a link to nothing neither, so that `npz` names it."""
    try:
        stat = path.stat()
        return path.resolve(), stat.st_size, stat.st_mtime_ns
    except OSError:
        return path, 0, 0


@lru_cache(maxsize=64)
def _digest(path: Path, size: int, mtime_ns: int) -> str:
    return digest_of(_read(path, size, mtime_ns))


@lru_cache(maxsize=2)  # two, because each is 180 MB or more
def _read(path: Path, size: int, mtime_ns: int) -> Dataset:
    arrays = npz.read(path, (*ARRAYS, "class_names"))
    for name in ARRAYS:
        if name not in arrays:
            raise InputError(f"{path} has no array {name}; it must have {', '.join(ARRAYS)}")
    _check_images(path, arrays)
    names = _class_names(path, arrays)
    labels = {split: _labels(path, arrays, split, len(names)) for split in ("train", "test")}
    unseen = np.setdiff1d(labels["test"], labels["train"])
    if unseen.size:
        raise InputError(f"test_labels of {path} contain {unseen[0]}, which train_labels do not; leave it out")
    return Dataset(
        name=path.stem,
        train_images=arrays["train_images"],
        train_labels=labels["train"],
        test_images=arrays["test_images"],
        test_labels=labels["test"],
        class_names=names,
    )


def _check_images(path: Path, arrays: dict[str, np.ndarray]) -> None:
    for name in ("train_images", "test_images"):
        images = arrays[name]
        if images.dtype != np.uint8:
            raise InputError(f"{name} of {path} are {images.dtype}; they must be uint8, 0 to 255")
        if images.ndim != 4 or images.shape[3] != 3 or 0 in images.shape:
            shape = list(images.shape)
            raise InputError(f"{name} of {path} have the shape {shape}; it must be [N, H, W, 3]")
    train, test = (list(arrays[f"{split}_images"].shape[1:]) for split in ("train", "test"))
    if train != test:
        raise InputError(f"images of {path} are {train} for training and {test} for test; both must be equal")


def _class_names(path: Path, arrays: dict[str, np.ndarray]) -> tuple[str, ...]:
    """The names in the archive, else "0", "1", … up to the highest training label."""
    labels = arrays["train_labels"]
    if "class_names" not in arrays:
        count = int(labels.max()) + 1 if labels.size and labels.dtype.kind in "iu" else 0
        # A wild label must not become a list of as many names; the check of the labels says what is wrong.
        return tuple(str(i) for i in range(min(max(count, 0), labels.size)))
    names = arrays["class_names"]
    if names.ndim != 1 or names.dtype.kind != "U":
        found = f"{names.dtype} {list(names.shape)}"
        raise InputError(f"class_names of {path} are {found}; they must be a list of texts")
    return tuple(str(name) for name in names)


def _labels(path: Path, arrays: dict[str, np.ndarray], split: str, classes: int) -> np.ndarray:
    """Labels int64 [N] of one split, checked against its images and the number of classes."""
    labels, count = arrays[f"{split}_labels"], len(arrays[f"{split}_images"])
    what = f"{split}_labels of {path}"
    if labels.dtype.kind not in "iu":
        raise InputError(f"{what} are {labels.dtype}; they must be integers")
    if labels.shape != (count,):
        shape = list(labels.shape)
        raise InputError(f"{what} have the shape {shape}; it must be [{count}], one for each image")
    if split == "train" and (labels == labels[0]).all():
        raise InputError(f"{what} are all {labels[0]}; at least 2 classes are needed")
    wrong = labels[(labels < 0) | (labels >= classes)]
    if wrong.size:
        raise InputError(f"{what} contain {wrong[0]}; labels must be 0 to {classes - 1}")
    return labels.astype(np.int64)
