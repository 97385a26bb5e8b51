"""List the files of an image folder; what cannot be reached is reported, never skipped silently."""

import os
import stat
import time
from pathlib import Path
from typing import NamedTuple

from anatomy.data.pictures import is_picture
from anatomy.errors import InputError
from anatomy.paths import one_form

BROKEN_LINK = "a link to nothing"
NO_CLASS = "in no class folder"
LINK_BACK = "a link back to a folder that is read already"  # whose images would be there twice, and as another class
SPLITS = ("train", "test", "val")


class Lost(NamedTuple):
    """A file that is no image of the set, and why."""

    file: str
    why: str


class Scan(NamedTuple):
    """What a folder holds, and what tells it apart from what it held before."""

    train: tuple[str, ...]  # relative paths, sorted
    test: tuple[str, ...]
    test_folder: str  # "test", "val", or "" where a tenth is held out
    newest: int  # time of the last change of any file or folder, ns
    lost: tuple[Lost, ...] = ()  # links to nothing, pipes, files that may not be looked at


class Split(NamedTuple):
    """What lies in the class folders of `train`, `test` or `val`; `changed` holds times, ns."""

    files: list[str]
    lost: list[Lost]
    changed: list[int]


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
    train = _split(path, "train")
    lost, changed = [*train.lost], [0, *train.changed]
    for beside in SPLITS[1:]:
        test = _split(path, beside)
        lost, changed = lost + test.lost, changed + test.changed
        if test.files or any(one.why != NO_CLASS for one in test.lost):
            return Scan(_sorted(train.files), _sorted(test.files), beside, max(changed), tuple(lost))
    return Scan(_sorted(train.files), (), "", max(changed), tuple(lost))


def _sorted(files: list[str]) -> tuple[str, ...]:
    """The same order whether a Mac or Linux wrote the names."""
    return tuple(sorted(files, key=lambda file: (one_form(file), file)))


def _split(path: Path, name: str) -> Split:
    """Everything below one split's folder; nothing if there is none. Hidden files do not count."""
    split = Split([], [], [])
    check_reachable(path / name)
    if (path / name).is_dir():
        place = SPLITS.index(name)
        earlier, later = [path / other for other in SPLITS[:place]], [path / other for other in SPLITS[place + 1 :]]
        # A later split that is a link to this one is rejected when its own turn comes.
        read = [path, *earlier, *(other for other in later if not other.is_symlink())]
        _descend(path, name, split, frozenset(_identity(folder.stat()) for folder in read if folder.is_dir()))
    return split


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino


def _descend(root: Path, here: str, split: Split, above: frozenset[tuple[int, int]]) -> None:
    """Gather what is in a folder and below; a link to a folder above itself, or to another split, is not followed."""
    try:
        itself = (root / here).stat()
        with os.scandir(root / here) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError as error:
        raise out_of_reach(root / here, error) from None
    if _identity(itself) in above:
        split.lost.append(Lost(here, LINK_BACK))
        return
    split.changed.append(itself.st_mtime_ns)
    for entry in entries:
        if entry.name[0] != ".":
            _take(root, f"{here}/{entry.name}", entry, split, above | {_identity(itself)})


def _take(root: Path, file: str, entry: os.DirEntry[str], split: Split, above: frozenset[tuple[int, int]]) -> None:
    """One entry of a folder: what lies beside the class folders has no class, or may be one out of reach."""
    beside = file.count("/") == 1
    try:
        found = entry.stat()
    except OSError as error:
        if beside and not is_picture(file):
            raise out_of_reach(root / file, error) from None
        split.lost.append(Lost(file, BROKEN_LINK if entry.is_symlink() else str(error.strerror).lower()))
        return
    if stat.S_ISDIR(found.st_mode):
        _descend(root, file, split, above)
    elif beside:
        split.lost.extend([Lost(file, NO_CLASS)] if is_picture(file) else [])
    elif stat.S_ISREG(found.st_mode):
        split.files.append(file)
        split.changed.append(found.st_mtime_ns)
    else:
        split.lost.append(Lost(file, "a pipe, a socket or a device"))  # which would be waited for


def check_reachable(path: Path) -> None:
    """InputError for a folder that is there and may not be looked into, or for a link to nothing."""
    try:
        path.stat()
    except OSError as error:
        if not isinstance(error, FileNotFoundError | NotADirectoryError) or os.path.islink(path):  # noqa: PTH114
            raise out_of_reach(path, error) from None


def out_of_reach(path: Path, error: OSError) -> InputError:
    """What to say of a folder whose images would be missing."""
    gone = isinstance(error, FileNotFoundError)
    why = f"{BROKEN_LINK}, {path.readlink()}" if gone and path.is_symlink() else str(error.strerror).lower()
    return InputError(f"{path} cannot be read ({why}), and its images would be missing; mend it or move it away")
