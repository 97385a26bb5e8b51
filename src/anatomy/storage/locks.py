"""Whether a process trains a run now: it holds the lock (flock) in the run's folder, which is gone with it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def locked(folder: Path) -> bool:
    """Whether a process trains this run now."""
    with free_of_training(folder) as free:
        return not free


@contextmanager
def free_of_training(folder: Path) -> Iterator[bool]:
    """Whether no process trains this run; as long as this is held, none begins to."""
    if not (folder / "lock").is_file():
        yield True
        return
    with (folder / "lock").open() as handle:
        yield taken(handle)


def taken(handle: IO[str]) -> bool:
    """Take the lock if it is free; whether it is ours now."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
