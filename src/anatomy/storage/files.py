"""Files that are written whole or not at all, and the quarantine of those that cannot be used."""

import os
import time
from pathlib import Path

from anatomy.errors import to_terminal


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that never appears in part: temporary name, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None  # writing itself does not say where
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_whole(path: Path) -> bytes:
    """A file's content. ValueError for a pipe, a socket or a device, reading which would never end."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise ValueError("it is no file")
    return path.read_bytes()


def quarantine(path: Path, why: str) -> Path:
    """Rename a file that cannot be used to NAME.damaged-TIME, and report it."""
    kept = path.with_name(f"{path.name}.damaged-{time.time_ns()}")
    path.replace(kept)
    to_terminal(f"{path} was quarantined as {kept.name}: {why}.")
    return kept


def reason(damage: Exception) -> str:
    """Why a file cannot be used, as the end of a sentence; of the system's errors without number and path."""
    return f"it cannot be read ({damage.strerror})" if isinstance(damage, OSError) else str(damage)
