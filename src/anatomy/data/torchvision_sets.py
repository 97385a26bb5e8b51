"""CIFAR-10/100, STL-10, SVHN and Fashion-MNIST as torchvision keeps them, downloaded by it where they are not there.

Krizhevsky 2009 (CIFAR); Coates et al. 2011 (STL-10, the labelled images only, 96 x 96 pixels); Netzer et al. 2011
(SVHN, without its "extra" part); Xiao et al. 2017, arXiv:1708.07747 (Fashion-MNIST, 28 x 28, gray: three equal
channels). CIFAR's files are pickles, which torchvision opens only if their checksum is the official one. torch comes
with torchvision, so both are imported where a set is read.
"""

import http.client
import socket
import tarfile
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from anatomy.data.archive import Dataset, digest_of
from anatomy.errors import InputError, to_terminal


class Source(NamedTuple):
    """One of torchvision's sets: its class there, what to put into data_root, and what a download costs."""

    type: str
    files: str
    megabytes: int


SETS = {
    "cifar10": Source("CIFAR10", "the folder cifar-10-batches-py", 170),
    "cifar100": Source("CIFAR100", "the folder cifar-100-python", 169),
    "stl10": Source("STL10", "the folder stl10_binary", 2640),
    "svhn": Source("SVHN", "train_32x32.mat and test_32x32.mat", 246),
    "fashion_mnist": Source("FashionMNIST", "the folder FashionMNIST/raw with its four files unpacked", 31),
}
# "not found or corrupted" is torchvision's RuntimeError; the others are those of networks, disks and damaged files.
DOWNLOAD_ERRORS = (RuntimeError, OSError, EOFError, ValueError, http.client.HTTPException, tarfile.TarError, zlib.error)
TIMEOUT = 20.0  # seconds without an answer: a network that swallows everything must not stop us for good

Splits = tuple[object, object]


def read(name: str, root: Path) -> Dataset:
    """The set `name` from torchvision's files in `root`, which are downloaded if need be; InputError if that fails."""
    return _read(name, root.resolve())


def digest(name: str, root: Path) -> str:
    """The digest of the arrays: that of an archive with the same content."""
    return _digest(name, root.resolve())


@lru_cache(maxsize=8)
def _digest(name: str, root: Path) -> str:
    return digest_of(_read(name, root))


@lru_cache(maxsize=2)
def _read(name: str, root: Path) -> Dataset:
    train, test = _splits(name, root)
    arrays = (*_arrays(train), *_arrays(test))
    names = getattr(train, "classes", None) or range(int(arrays[1].max()) + 1)  # SVHN has none but its digits
    return Dataset(name, *arrays, class_names=tuple(str(name) for name in names))


def _splits(name: str, root: Path) -> Splits:
    """torchvision's training and test split, from what is there or else from the internet."""
    source = SETS[name]
    try:
        return _open(source, root, download=False)
    except DOWNLOAD_ERRORS:
        to_terminal(f"{name}: no whole files in {root}; torchvision downloads {source.megabytes} MB to it")
    try:
        with _patience():
            return _open(source, root, download=True)
    except DOWNLOAD_ERRORS as error:
        reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(".:")
        raise InputError(
            f"there is no {name}.npz in data_root {root}, nor whole files of torchvision's, and its download failed "
            f"({reason}); put {name}.npz or {source.files} there"
        ) from error


def _open(source: Source, root: Path, download: bool) -> Splits:
    from torchvision import datasets

    kind = getattr(datasets, source.type)
    if source.type == "STL10":
        # Without the 100,000 unlabelled images: ours does not have them, and checking them takes as long as all else.
        kind = type(source.type, (kind,), {"train_list": kind.train_list[:2]})
    by_word = source.type in ("STL10", "SVHN")
    choices = [{"split": "train"}, {"split": "test"}] if by_word else [{"train": True}, {"train": False}]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy has one about the age of CIFAR's pickles
        train, test = (kind(root, download=download, **choice) for choice in choices)
        return train, test


@contextmanager
def _patience() -> Iterator[None]:
    """A time limit for networks, and no progress bar: it would stand in a notebook's outputs."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT)
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            yield
    finally:
        socket.setdefaulttimeout(before)


def _arrays(split: Any) -> tuple[np.ndarray, np.ndarray]:  # each set has its own class
    """Images uint8 [N, H, W, 3] and labels int64 [N], however torchvision holds them."""
    images, labels = np.asarray(split.data), split.targets if hasattr(split, "targets") else split.labels
    if images.ndim == 3:
        images = np.repeat(images[..., None], 3, axis=3)  # gray
    elif images.shape[3] != 3:
        images = images.transpose(0, 2, 3, 1)  # channels in front
    return np.ascontiguousarray(images), np.asarray(labels).astype(np.int64)
