"""Image folders: `<name>/train/<class>/<image>`, with `test/` or `val/` beside `train/`, as one data set.

A class is a folder that holds images, at any depth below `train/`; its name is its path from there. Without `test/`
and `val/` a fixed tenth of the images is held out as test images. Each image is center-cropped to a square and resized
to SIZE pixels, so the set lies in memory as one array, as CIFAR does.
"""

import multiprocessing
import os
import time
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from anatomy.data import pictures
from anatomy.data.archive import Dataset, digest_of
from anatomy.data.memory import free_bytes
from anatomy.errors import InputError, to_terminal

SIZE = 32  # pixels; a set that is to be larger comes as an archive
COPIES = 3  # in memory at once: the set, a run's choice of it, and that as a tensor
SHOWN = 3  # names of undecodable files that are said; the others are counted


class Scan(NamedTuple):
    """What a folder holds, and what tells it apart from what it held before."""

    train: tuple[str, ...]  # relative paths, sorted
    test: tuple[str, ...]
    test_folder: str  # "test", "val", or "" where a tenth is held out
    newest: int  # time of the last change of any file or folder, ns


def find(name: str, root: Path) -> Path | None:
    """The image folder of this name: one inside of `root`, or `root` itself; None if neither has a train/."""
    if (root / "train").is_dir() and root.resolve().name == name:
        return root
    return root / name if name in names(root) else None


def names(root: Path) -> list[str]:
    """The image folders that `find` knows."""
    own = [root.resolve().name] if (root / "train").is_dir() else []
    # os.path, since a folder that may not be looked into is none of ours, and no error.
    return own + [path.name for path in root.iterdir() if os.path.isdir(path / "train")]  # noqa: PTH112


def read(path: Path) -> Dataset:
    """The folder's images and classes; InputError says in one sentence why they are none."""
    return _read(path.resolve(), scan(path.resolve()))


def digest(path: Path) -> str:
    """`digest_of` the decoded images; computed once a process and state of the folder."""
    return _digest(path.resolve(), scan(path.resolve()))


_last: dict[Path, tuple[float, float, Scan]] = {}


def scan(path: Path) -> Scan:
    """The files as they are now. At most a tenth of the time goes into looking: a sweep asks often."""
    if path in _last:
        ended, took, found = _last[path]
        if time.monotonic() - ended < 10 * took:
            return found
    started = time.monotonic()
    found = _scan(path)
    ended = time.monotonic()
    _last[path] = ended, ended - started, found
    return found


def _scan(path: Path) -> Scan:
    train, newest = _files(path, "train")
    for beside in ("test", "val"):
        test, changed = _files(path, beside)
        newest = max(newest, changed)
        if test:
            return Scan(train, test, beside, newest)
    return Scan(train, (), "", newest)


def _files(path: Path, part: str) -> tuple[tuple[str, ...], int]:
    """Files in the class folders of one part, sorted, and the time of the last change; hidden ones do not count."""
    files: list[str] = []
    newest, seen = 0, set()
    for here, folders, inside in os.walk(path / part, followlinks=True):
        folders[:] = [name for name in folders if name[0] != "."]
        real = os.path.realpath(here)
        if real in seen:  # a link to a folder above itself
            folders.clear()
            continue
        seen.add(real)
        newest = max(newest, Path(here).stat().st_mtime_ns)
        for file in (Path(here, name) for name in inside if name[0] != "."):
            if Path(here) != path / part and file.is_file():  # a pipe would be waited for
                newest = max(newest, file.stat().st_mtime_ns)
                files.append(file.relative_to(path).as_posix())
    return tuple(sorted(files)), newest


@lru_cache(maxsize=8)
def _digest(path: Path, found: Scan) -> str:
    return digest_of(_read(path, found))


@lru_cache(maxsize=2)
def _read(path: Path, found: Scan) -> Dataset:
    files = (*found.train, *found.test)
    if not found.train:
        raise InputError(f"{path / 'train'} has no class folders with images; put each class into a folder of its own")
    refuse_too_large(path, len(files))
    say(f"{path.name}: reading {len(files)} files of {path}")
    images, whole = pictures.read([path / file for file in files], SIZE)
    answer_for(path, [file for file, good in zip(files, whole, strict=True) if not good], len(files))
    classes = np.array([Path(file).parent.relative_to(Path(file).parts[0]).as_posix() for file in files])
    if found.test_folder:
        where, test = f"{path / found.test_folder}", whole & (np.arange(len(files)) >= len(found.train))
    else:
        where, test = f"the held-out tenth of {path / 'train'}", held_out(classes, whole)
        say(f"{path.name}: no test/ or val/, so {test.sum()} of {whole.sum()} images are held out as test images")
    return _dataset(path, where, images, classes, whole & ~test, test)


def _dataset(
    path: Path, where: str, images: np.ndarray, classes: np.ndarray, train: np.ndarray, test: np.ndarray
) -> Dataset:
    """From all images, the names of their classes, and which are whose; InputError if they make no data set."""
    known = sorted(set(classes[train].tolist()))
    if len(known) < 2:
        found = f"only the class {known[0]}" if known else "no class"
        raise InputError(f"{path / 'train'} has images of {found}; at least 2 classes are needed")
    if not test.any():
        raise InputError(f"{where} has no image that can be decoded")
    if unknown := sorted(set(classes[test].tolist()) - set(known)):
        raise InputError(f"{where} has images of the class {unknown[0]}, which {path / 'train'} has not")
    number = {name: i for i, name in enumerate(known)}
    labels = np.array([number.get(name, -1) for name in classes.tolist()], np.int64)
    return Dataset(path.name, images[train], labels[train], images[test], labels[test], tuple(known))


def held_out(classes: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """A fixed tenth of the decoded images, as booleans [N]; one image of each class always stays to be trained on."""
    # By sorting: NumPy may change how `permutation` uses its generator.
    order = np.argsort(np.random.Generator(np.random.PCG64(0)).random(len(classes)), kind="stable")
    order = order[whole[order]]
    _, first = np.unique(classes[order], return_index=True)
    chosen = np.zeros(len(classes), bool)
    chosen[np.delete(order, first)[: max(1, len(order) // 10)]] = True
    return chosen


def refuse_too_large(path: Path, count: int) -> None:
    """InputError where the decoded images would not fit into what memory is free."""
    needed, free = COPIES * count * SIZE * SIZE * 3, free_bytes()
    if free is not None and needed > free:
        raise InputError(
            f"{path} has {count} images, which need {needed / 1e9:.2g} GB of memory ({SIZE} x {SIZE} pixels, {COPIES} "
            f"copies), and {free / 1e9:.2g} GB are free; take fewer"
        )


def answer_for(path: Path, undecodable: list[str], count: int) -> None:
    """Name what Pillow cannot decode; more than half of all files is an InputError."""
    if not undecodable:
        return
    shown = ", ".join(undecodable[:SHOWN]) + (", ..." if len(undecodable) > SHOWN else "")
    sentence = f"{len(undecodable)} of {count} files of {path} cannot be decoded as images ({shown})"
    if 2 * len(undecodable) > count:
        raise InputError(f"{sentence}; at least half of them must be images that Pillow reads")
    say(f"{path.name}: {sentence}; they are left out")


def say(text: str) -> None:
    """On the terminal, once: each worker process reads the folder too."""
    if multiprocessing.parent_process() is None:
        to_terminal(text)
