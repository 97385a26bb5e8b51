"""Runs on disk: finished runs are kept, and interrupted ones resume where they were.

    STORE/<key>/record.json      a finished run, one file: content, tables, provenance
    STORE/<key>/checkpoint       the state after the last epoch, behind its SHA-256
    STORE/<key>/lock             held (flock) by the process that trains; released when it ends
    STORE/<key>/progress.json    how far it is; for people, nothing depends on it

A file appears under its name only when it is whole (temporary name, fsync, rename). A damaged or foreign file is never
used and never silently deleted: a reader reports it; a process that is about to train its run, under the lock,
quarantines it. record.py and checkpoint.py define what the files hold.
"""

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from anatomy.errors import InputError, to_terminal
from anatomy.paths import given_path
from anatomy.storage.checkpoint import sealed, unsealed
from anatomy.storage.files import quarantine, read_whole, reason, write_whole
from anatomy.storage.locks import free_of_training, taken
from anatomy.storage.record import Record, as_written, read_record


def default_root() -> Path:
    """ANATOMY_STORE, or `runs` here."""
    return given_path(os.environ.get("ANATOMY_STORE") or "runs", "ANATOMY_STORE")


class Store:
    """A folder of runs. Nothing is created before the first write."""

    def __init__(self, root: str | Path | None = None) -> None:
        self.root = given_path(root, "store") if root else default_root()

    def check_writable(self) -> None:
        """InputError if runs cannot be written here; leaves nothing behind."""
        folder = _existing(self.root)
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            raise InputError(f"store {str(self.root)!r} cannot be written ({folder}); set ANATOMY_STORE or --store")
        try:
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            raise InputError(f"store {str(self.root)!r} cannot be written: {error.strerror}") from None

    def folder(self, key: str) -> Path:
        return self.root / key

    def keys(self) -> list[str]:
        """Of every run with a folder, finished or not. InputError where the store's path is no folder's."""
        folder = _existing(self.root)
        if not folder.is_dir():
            raise InputError(f"store {str(self.root)!r}: {folder} is a file; set ANATOMY_STORE or --store to a folder")
        return sorted(f.name for f in self.root.iterdir() if f.is_dir()) if self.root.exists() else []

    def record(self, key: str, quiet: bool = False) -> Record | None:
        """A finished run; None if it is not finished. A damaged record is named (unless quiet) and left as it is."""
        path = self.folder(key) / "record.json"
        try:
            return read_record(path, key)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, OSError) as damage:
            if not quiet:
                _say_once(f"{path} cannot be used: {reason(damage)}; training its run quarantines it.")
            return None

    def record_to_keep(self, key: str) -> Record | None:
        """The same under the run's lock, for who would train it otherwise: a damaged record is quarantined."""
        path = self.folder(key) / "record.json"
        try:
            return read_record(path, key)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, IsADirectoryError) as damage:
            quarantine(path, reason(damage))
            return None

    def save_record(self, key: str, record: Record) -> None:
        """The run is finished with this; its last checkpoint stays as its weights."""
        write_whole(self.folder(key) / "record.json", as_written(record))
        (self.folder(key) / "progress.json").unlink(missing_ok=True)

    def checkpoint(self, key: str) -> bytes | None:
        """The last state saved; None if there is none. Under the run's lock: a damaged file is quarantined."""
        path = self.folder(key) / "checkpoint"
        try:
            return unsealed(read_whole(path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, IsADirectoryError) as damage:
            quarantine(path, reason(damage))
            return None

    def save_checkpoint(self, key: str, payload: bytes) -> None:
        write_whole(self.folder(key) / "checkpoint", sealed(payload))

    def reject_checkpoint(self, key: str, why: str) -> None:
        """Quarantine one whose bytes are whole, but which is not of this run."""
        quarantine(self.folder(key) / "checkpoint", why)

    def save_progress(self, key: str, step: int, steps: int) -> None:
        path = self.folder(key) / "progress.json"
        partial = path.with_suffix(".part")
        with suppress(OSError):  # a full disk stops a run at its next checkpoint, not here
            partial.write_text(json.dumps({"step": step, "steps": steps}))
            partial.replace(path)

    def progress(self, key: str) -> float:
        """Share of the run's steps that are done, as last recorded."""
        try:
            return read_progress(self.folder(key) / "progress.json")
        except (OSError, ValueError):
            return 0.0

    @contextmanager
    def lock(self, key: str, deadline: float | None = None) -> Iterator[None]:
        """Held while a run is trained; a second process that wants the same run waits and then finds it finished.

        TimeoutError at the deadline (seconds since 1970).
        """
        try:
            self.folder(key).mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise InputError(f"{self.folder(key)} is a file, where a run's folder belongs; move it away") from None
        with (self.folder(key) / "lock").open("w") as handle:
            while deadline is not None and not taken(handle):
                if time.time() > deadline:
                    raise TimeoutError("stopped by the time limit while another process trains it")
                time.sleep(0.1)
            fcntl.flock(handle, fcntl.LOCK_EX)
            for leftover in self.folder(key).glob("*.part"):
                leftover.unlink(missing_ok=True)  # of a process that was killed while it wrote
            yield

    def size(self) -> int:
        """Bytes on disk."""
        total = 0
        for file in self.root.rglob("*") if self.root.is_dir() else ():
            with suppress(FileNotFoundError):  # renamed or deleted by a run that is being trained
                total += file.stat().st_size if file.is_file() else 0
        return total

    def prune(self, keep_bytes: int) -> list[str]:
        """Delete weights and quarantined files, oldest first, until the store has at most so many bytes.

        Records stay. Returns what was deleted. A run that is being trained now is left alone.
        """
        self.keys()  # InputError for a file
        deleted = []
        loose = [f for f in self.root.glob("*/*") if f.name == "checkpoint" or ".damaged-" in f.name]
        for file in sorted(loose, key=_changed):
            if self.size() <= keep_bytes:
                break
            with free_of_training(file.parent) as free:
                if free:
                    shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
                    deleted.append(str(file.relative_to(self.root)))
        return deleted

    def remove(self, key: str) -> None:
        """Everything of one run."""
        shutil.rmtree(self.folder(key))


def read_progress(path: Path) -> float:
    """The share that a progress file says. ValueError if it says none."""
    try:
        said = json.loads(read_whole(path))
        if 0 <= said["step"] <= said["steps"]:
            return float(said["step"] / said["steps"])
    except (ValueError, KeyError, TypeError, ZeroDivisionError, RecursionError):
        pass
    raise ValueError("it does not say how far the run is")


@cache
def _say_once(text: str) -> None:
    to_terminal(text)  # a study asks for the same record again and again


def _existing(path: Path) -> Path:
    """The path, or the nearest above it that exists."""
    path = path.absolute()
    return next(place for place in (path, *path.parents) if place.exists())


def _changed(file: Path) -> float:
    with suppress(FileNotFoundError):  # deleted by another process meanwhile
        return file.lstat().st_mtime
    return 0.0
