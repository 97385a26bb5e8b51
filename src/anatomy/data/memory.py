"""How much memory is free, as far as the system tells."""

import os
from pathlib import Path

MEMINFO = Path("/proc/meminfo")  # Linux
LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container


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
    """macOS does not tell what is free."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return None
