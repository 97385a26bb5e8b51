"""Runs on disk: what is finished stays finished, and what is half done goes on where it was.

    STORE/<key>/record.json      a finished run, one file: content, tables, provenance
    STORE/<key>/checkpoint       the state after the last epoch, behind its SHA-256
    STORE/<key>/lock             held (flock) by the process that trains; gone with its process
    STORE/<key>/progress.json    how far it is; for people, nothing depends on it

A file appears under its name only when it is whole (temporary name, fsync, rename). One that is damaged or foreign is
named and set aside, never loaded and never silently deleted. Published records, `records/<key>.json`, have
the same form.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import IO, Any

from anatomy.config import Run, lawful_run
from anatomy.errors import InputError, to_terminal
from anatomy.paths import given_path

PARTS_OF_A_RECORD = {"key", "run", "tables", "provenance"}
# What a replay needs of a record's provenance.
OF_ITS_CODE = {"sources", "first_losses", "precision", "compile", "threads", "device", "cpu", "torch"}


def default_root() -> Path:
    """ANATOMY_STORE, or `runs` here."""
    return given_path(os.environ.get("ANATOMY_STORE") or "runs", "ANATOMY_STORE")


class Store:
    """A folder of runs. Nothing is created before the first write."""

    def __init__(self, root: str | Path | None = None) -> None:
        self.root = given_path(root, "store") if root else default_root()

    def refuse_unwritable(self) -> None:
        """InputError if runs cannot be written here; leaves nothing behind."""
        folder = self.root.absolute()
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            raise InputError(f"store {str(self.root)!r} cannot be written ({folder}); set ANATOMY_STORE or --store")
        try:
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            raise InputError(f"store {str(self.root)!r} cannot be written: {error.strerror}") from None

    def folder(self, key: str) -> Path:
        return self.root / key

    def keys(self) -> list[str]:
        """Of every run with a folder, finished or not."""
        return sorted(f.name for f in self.root.iterdir() if f.is_dir()) if self.root.is_dir() else []

    def record(self, key: str) -> dict[str, Any] | None:
        """A finished run; None if it is not finished. A damaged record is set aside."""
        path = self.folder(key) / "record.json"
        if not path.exists():
            return None
        try:
            record = read_record(path, key)
            if not OF_ITS_CODE <= record["provenance"].keys():
                raise ValueError("it does not say what code it was made by")
            return record
        except ValueError as damage:
            set_aside(path, str(damage))
            return None

    def save_record(self, key: str, record: dict[str, Any]) -> None:
        """The run is finished with this; its last checkpoint stays as its weights."""
        whole = plain(record)
        whole["digest"] = content_digest(whole)
        write_whole(self.folder(key) / "record.json", json.dumps(whole, separators=(",", ":")).encode())
        (self.folder(key) / "progress.json").unlink(missing_ok=True)

    def checkpoint(self, key: str) -> bytes | None:
        """The last state saved; None if there is none. A damaged or foreign file is set aside."""
        path = self.folder(key) / "checkpoint"
        if not path.exists():
            return None
        digest, payload = (content := path.read_bytes())[:32], content[32:]
        if hashlib.sha256(payload).digest() == digest:
            return payload
        set_aside(path, "its bytes are not those that were written")
        return None

    def save_checkpoint(self, key: str, payload: bytes) -> None:
        write_whole(self.folder(key) / "checkpoint", hashlib.sha256(payload).digest() + payload)

    def reject_checkpoint(self, key: str, why: str) -> None:
        """Set aside one whose bytes are whole, but which is not of this run."""
        set_aside(self.folder(key) / "checkpoint", why)

    def save_progress(self, key: str, step: int, steps: int) -> None:
        path = self.folder(key) / "progress.json"
        part = path.with_suffix(".part")
        with suppress(OSError):  # a full disk stops a run at its next checkpoint, not here
            part.write_text(json.dumps({"step": step, "steps": steps}))
            part.replace(path)

    def progress(self, key: str) -> float:
        """Share of the run's steps that are done, as last noted."""
        try:
            said = json.loads((self.folder(key) / "progress.json").read_text())
            return said["step"] / said["steps"]
        except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
            return 0.0

    @contextmanager
    def lock(self, key: str, deadline: float | None = None) -> Iterator[None]:
        """Held while a run is trained; a second process that wants the same run waits, and then finds it finished.

        TimeoutError at the deadline (seconds since 1970).
        """
        self.folder(key).mkdir(parents=True, exist_ok=True)
        with (self.folder(key) / "lock").open("w") as handle:
            while deadline is not None and not _taken(handle):
                if time.time() > deadline:
                    raise TimeoutError("stopped by the time limit while another process trains it")
                time.sleep(0.1)
            fcntl.flock(handle, fcntl.LOCK_EX)
            for leftover in self.folder(key).glob("*.part"):
                leftover.unlink()  # of a process that was killed while it wrote
            yield

    def size(self) -> int:
        """Bytes on disk."""
        total = 0
        for file in self.root.rglob("*") if self.root.is_dir() else ():
            with suppress(FileNotFoundError):  # renamed or deleted by a run that is being trained
                total += file.stat().st_size if file.is_file() else 0
        return total

    def prune(self, keep_bytes: int) -> list[str]:
        """Delete weights and files set aside, oldest first, until the store has at most so many bytes.

        Records stay. Returns what was deleted. A run that is being trained now is left alone.
        """
        deleted = []
        loose = [f for f in self.root.glob("*/*") if f.name == "checkpoint" or ".damaged" in f.name]
        for file in sorted(loose, key=lambda f: f.stat().st_mtime):
            if self.size() <= keep_bytes:
                break
            if not _locked(file.parent / "lock"):
                file.unlink()
                deleted.append(str(file.relative_to(self.root)))
        return deleted

    def remove(self, key: str) -> None:
        """Everything of one run."""
        shutil.rmtree(self.folder(key))


def read_record(path: Path, key: str) -> dict[str, Any]:
    """A record as written by `save_record`. ValueError in one sentence if it is not one, or of another run."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise ValueError("it is not whole JSON") from None
    if not isinstance(record, dict) or not PARTS_OF_A_RECORD <= record.keys():
        raise ValueError(f"it lacks one of {', '.join(sorted(PARTS_OF_A_RECORD))}")
    if record["key"] != key:
        raise ValueError(f"it is of run {record['key']}")
    if record.get("digest", (now := content_digest(record))) != now:
        raise ValueError("its content is not what was written")
    if not all(isinstance(record[part], dict) for part in PARTS_OF_A_RECORD - {"key"}):
        raise ValueError("it has another form than ours")
    lawful_run(record["run"])
    return record


def content_digest(record: dict[str, Any]) -> str:
    """16 hex digits over all of a record but this digest: a flipped bit may leave whole JSON."""
    content = {name: part for name, part in record.items() if name != "digest"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def published(folder: Path) -> dict[str, dict[str, Any]]:
    """Published records by key, not to be changed; InputError names a damaged one (the repository's own files)."""
    files = sorted(folder.glob("*.json"))
    return _published(tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=2)  # every study asks, and there are hundreds of records
def _published(files: tuple[tuple[Path, int], ...]) -> dict[str, dict[str, Any]]:
    records = {}
    for file, _ in files:
        try:
            records[file.stem] = read_record(file, file.stem)
        except ValueError as damage:
            raise InputError(f"the published record {file} cannot be used: {damage}; restore it with git") from None
    return records


def as_published(record: dict[str, Any]) -> dict[str, Any]:
    """A record for records/: its tables with 6 significant digits, which take two thirds of the room."""
    lean = record | {"tables": plain(record["tables"], digits=6)}
    return lean | {"digest": content_digest(lean)}


def run_of(record: dict[str, Any]) -> Run:
    """The Run that a record is of."""
    return lawful_run(record["run"])


def write_whole(path: Path, content: bytes) -> None:
    """Under its name only when it is whole and on the disk: temporary name, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def set_aside(path: Path, why: str) -> Path:
    """Rename a file that cannot be used, and say so."""
    aside = path.with_name(f"{path.name}.damaged-{time.time_ns()}")
    path.replace(aside)
    to_terminal(f"{path} was set aside as {aside.name}: {why}.")
    return aside


def plain(value: Any, digits: int = 9) -> Any:
    """JSON without NaN or infinity, numbers with 9 significant digits (more than float32 has)."""
    if isinstance(value, dict):
        return {str(name): plain(inner, digits) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, digits) for inner in value]
    if isinstance(value, float):
        return float(f"{value:.{digits}g}") if isfinite(value) else str(value)
    return value


def _locked(path: Path) -> bool:
    if not path.exists():
        return False
    with path.open() as handle:
        return not _taken(handle)


def _taken(handle: IO[str]) -> bool:
    """Whether the lock was free and is ours now."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
