"""Image folders: `<name>/train/<class>/<image>`, with `test/` or `val/` beside `train/`, as one data set.

A class is a folder that holds images, at any depth below `train/`; its name is its path from there. Without `test/`
and `val/` a fixed tenth of the images is held out as test images. Each image is center-cropped to a square and resized
to SIZE pixels, so the set lies in memory as one array, as CIFAR does.
"""

import multiprocessing
import os
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from anatomy.data import pictures
from anatomy.data.archive import Dataset, digest_of
from anatomy.data.depth import brighten
from anatomy.data.memory import check_fits_memory, too_little
from anatomy.data.pictures import UNKNOWN, Pictures, is_picture
from anatomy.data.scan import NO_CLASS, Lost, Scan, scan
from anatomy.errors import InputError, to_terminal
from anatomy.paths import called, one_form

SIZE = 32  # pixels; a set that is to be larger comes as an archive
MAX_NAMED = 3  # names that a sentence lists; the others are counted


def find(name: str, root: Path) -> Path | None:
    """The image folder of this name: one inside of `root`, or `root` itself; None if neither has a train/."""
    own = [root.resolve().name] if (root / "train").is_dir() else []
    if called(name, own):
        return root
    return root / there if (there := called(name, names(root))) else None


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


@lru_cache(maxsize=8)
def _digest(path: Path, found: Scan) -> str:
    return digest_of(_read(path, found))


@lru_cache(maxsize=2)
def _read(path: Path, found: Scan) -> Dataset:
    files = (*found.train, *found.test)
    if not files and all(one.why == NO_CLASS for one in found.lost):
        raise InputError(f"{path / 'train'} has no class folders with images; put each class into a folder of its own")
    say(path, f"reading {len(files)} files of {path}")
    decoded = _decoded(path, files)
    lost = [*found.lost, *(Lost(file, why) for file, why in zip(files, decoded.why, strict=True) if why)]
    whole = np.array([not why for why in decoded.why], bool)
    notes = answer_for(path, lost, [file for file, good in zip(files, whole, strict=True) if good])
    classes = np.array([class_of(file) for file in files])
    if found.test_folder:
        where, test = f"{path / found.test_folder}", whole & (np.arange(len(files)) >= len(found.train))
    else:
        where, test = f"the held-out tenth of {path / 'train'}", held_out(classes, whole)
        notes.insert(0, f"no test/ or val/, so {test.sum()} of {whole.sum()} images are held out as test images")
    if untested := sorted(set(classes[whole & ~test].tolist()) - set(classes[test].tolist())):
        notes.append(f"{where} has no image of {listed(untested)}, so nothing is said of how well these are known")
    notes += brighten(decoded.images, decoded.deep, whole & ~test)
    dataset = _dataset(path, where, decoded.images, classes, whole & ~test, test)
    for note in notes:
        say(path, note)
    return replace(dataset, notes=tuple(notes))


def _decoded(path: Path, files: tuple[str, ...]) -> Pictures:
    """All files as images; InputError where memory does not suffice."""
    size = len(files) * SIZE * SIZE * 3
    check_fits_memory(path, size)
    try:
        return pictures.read([path / file for file in files], SIZE)
    except MemoryError:
        raise too_little(path, size) from None


def class_of(file: str) -> str:
    """The class that a file's folder stands for: its path below train/, test/ or val/."""
    return one_form(Path(*Path(file).parts[1:]).parent.as_posix())


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


def answer_for(path: Path, lost: list[Lost], read: list[str]) -> list[str]:
    """A sentence on the files that are left out; InputError for more than half of all, or for all of a class."""
    if not lost:
        return []
    sentence = f"{len(lost)} of {len(lost) + len(read)} files of {path} are left out ({by_reason(lost)})"
    if len(lost) > len(read):
        raise InputError(f"{sentence}; at least half of them must be images of a class that Pillow reads")
    there = {(Path(file).parts[0], class_of(file)) for file in read}
    for file, why in lost:
        split, name = Path(file).parts[0], class_of(file)
        # A folder of tables or notes is no class; one of broken images is.
        if (split, name) not in there and why != NO_CLASS and (why != UNKNOWN or is_picture(file)):
            raise InputError(
                f"no image of {path / split / name} can be read ({file}: {why}), and its class would be missing; mend "
                f"it or move the folder away"
            )
    return [sentence]


def by_reason(lost: list[Lost]) -> str:
    """The files left out, reason by reason."""
    files: dict[str, list[str]] = {}
    for file, why in lost:
        files.setdefault(why, []).append(file)
    return "; ".join(f"{listed(names)}: {why}" for why, names in files.items())


def listed(names: list[str]) -> str:
    """The first few, and how many more there are."""
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(names[:MAX_NAMED]) + more


def say(path: Path, text: str) -> None:
    """On the terminal, once: each worker process reads the folder too."""
    if multiprocessing.parent_process() is None:
        to_terminal(f"{path.name}: {text}")
