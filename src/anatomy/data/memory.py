"""How much memory is free, as far as the system reports it, and whether a data set fits."""

import os
from pathlib import Path

from anatomy.errors import InputError

MEMINFO = Path("/proc/meminfo")  # Linux
LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container
COPIES = 3  # in memory at once: the set, a run's choice of it, and that as a tensor


def check_fits_memory(path: Path, size: int) -> None:
    """InputError where a set of so many bytes would not fit into what memory is free."""
    free = free_bytes()
    if free is not None and COPIES * size > free:
        raise too_little(path, size)


def too_little(path: Path, size: int) -> InputError:
    """What to say where memory does not suffice."""
    free = free_bytes()
    there = "" if free is None else f", and {free / 1e9:.2g} GB are free"
    return InputError(
        f"{path} needs {COPIES * size / 1e9:.2g} GB of memory ({COPIES} copies of its images){there}; take fewer images"
    )


def free_bytes() -> int | None:
    """What may still be used: on Linux what is available, at most the container's limit; else all memory, or None."""
    known = [amount for amount in (_available(), _limit()) if amount is not None]
    return min(known) if known else _all()


def _available() -> int | None:
    try:
        lines = MEMINFO.read_text().splitlines()
        return next((1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")), None)
    except (OSError, ValueError, IndexError):
        return None


def _limit() -> int | None:
    try:
        return int(LIMIT.read_text())  # "max" where there is none
    except (OSError, ValueError):
        return None


def _all() -> int | None:
    """macOS does not report what is free."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None
