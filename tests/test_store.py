"""Runs on disk: whole or not at all, named and quarantined where they cannot be used, one process at a time."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anatomy.errors import InputError
from anatomy.storage.files import write_whole
from anatomy.storage.record import as_written
from anatomy.storage.store import Store
from test_record import KEY, record


@pytest.fixture
def runs(store: Path) -> Store:
    return Store()


def python(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A process of its own; what it must survive is in the script."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def beside(path: Path) -> list[Path]:
    """What was quarantined of a file."""
    return sorted(path.parent.glob(f"{path.name}.damaged-*"))


# --- whole or not at all


def test_nothing_is_created_before_the_first_write(runs: Store, store: Path) -> None:
    assert (runs.keys(), runs.record(KEY), runs.checkpoint(KEY), runs.progress(KEY), runs.size()) == (
        [],
        None,
        None,
        0,
        0,
    )
    assert runs.prune(0) == []
    runs.check_writable()
    assert not store.exists()


def test_what_is_saved_is_read(runs: Store) -> None:
    runs.save_record(KEY, record())
    runs.save_checkpoint(KEY, b"weights")
    found = runs.record(KEY)
    assert found is not None
    assert found == json.loads(as_written(record()))
    assert runs.checkpoint(KEY) == b"weights"
    assert runs.keys() == [KEY]


@pytest.mark.parametrize("moment", ["os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("former", [b"former", None])
def test_killed_while_it_writes(moment: str, former: bytes | None, runs: Store) -> None:
    """SIGKILL between the first byte and the rename: the former file stays, the half one goes at the next lock."""
    if former:
        runs.save_checkpoint(KEY, former)
    script = f"""
import os, pathlib, signal, sys
from anatomy.storage.store import Store
{moment} = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
Store(sys.argv[1]).save_checkpoint({KEY!r}, b"new" * 100_000)
"""
    assert python(script, runs.root).returncode == -signal.SIGKILL
    assert len(list(runs.folder(KEY).glob("*.part"))) == 1
    assert runs.checkpoint(KEY) == former
    with runs.lock(KEY):
        assert list(runs.folder(KEY).glob("*.part")) == []
    assert runs.checkpoint(KEY) == former


def test_full_disk_leaves_the_former_file_and_no_half_one(runs: Store) -> None:
    """RLIMIT_FSIZE stands for a full disk: a write beyond it fails with an OSError in the middle."""
    runs.save_checkpoint(KEY, b"former")
    script = f"""
import resource, signal, sys
from anatomy.storage.store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
store = Store(sys.argv[1])
store.save_checkpoint("small", b"small")
try:
    store.save_checkpoint({KEY!r}, b"new" * 100_000)
except OSError as error:
    print("refused:", error.strerror)
"""
    assert "refused: File too large" in python(script, runs.root).stdout
    assert (runs.checkpoint(KEY), runs.checkpoint("small")) == (b"former", b"small")
    assert list(runs.root.glob("*/*.part")) == []


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda descriptor: (order.append("fsync"), fsync(descriptor))[1])
    monkeypatch.setattr(Path, "replace", lambda self, target: (order.append("rename"), replace(self, target))[1])
    write_whole(tmp_path / "deep" / "file", b"content")
    assert order == ["fsync", "rename", "fsync"]
    assert (tmp_path / "deep" / "file").read_bytes() == b"content"


# --- damaged and foreign files


def damages(content: bytes) -> dict[str, bytes]:
    """Ways in which a checkpoint ends on a bad disk."""
    last = len(content) - 1
    places = {"0": 0, "31": 31, "32": 32, "33": 33, "last": last}
    flipped = {
        f"bit of byte {n}": content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :] for n, at in places.items()
    }
    cut = {f"cut at {name}": content[:at] for name, at in places.items()}
    return flipped | cut | {"longer": content + b"\0", "foreign": b"PK\x03\x04 an archive of somebody"}


@pytest.mark.parametrize("damage", damages(bytes(100)))
def test_damaged_checkpoint_is_quarantined(damage: str, runs: Store, capfd: pytest.CaptureFixture[str]) -> None:
    runs.save_checkpoint(KEY, b"the state after an epoch")
    path = runs.folder(KEY) / "checkpoint"
    spoiled = damages(path.read_bytes())[damage]
    path.write_bytes(spoiled)
    assert runs.checkpoint(KEY) is None
    assert not path.exists()
    (aside,) = beside(path)
    assert aside.read_bytes() == spoiled
    said = capfd.readouterr().err
    assert str(path) in said
    assert aside.name in said
    assert said.count("\n") == 1
    assert runs.checkpoint(KEY) is None
    assert capfd.readouterr().err == ""


def test_each_damaged_file_is_kept(runs: Store) -> None:
    path = runs.folder(KEY) / "checkpoint"
    for spoiled in (b"one", b"two"):
        write_whole(path, spoiled)
        assert runs.checkpoint(KEY) is None
    assert [aside.read_bytes() for aside in beside(path)] == [b"one", b"two"]


@pytest.mark.parametrize("damage", ["cut short", "a folder"])
def test_damaged_record_is_left_to_who_trains(damage: str, runs: Store, capfd: pytest.CaptureFixture[str]) -> None:
    """Who reads names it, once; who holds the lock quarantines it."""
    path = runs.folder(KEY) / "record.json"
    runs.save_record(KEY, record())
    content = path.read_bytes()[:50]
    path.unlink()
    path.mkdir() if damage == "a folder" else path.write_bytes(content)
    assert [runs.record(KEY), runs.record(KEY), runs.record(KEY, quiet=True)] == [None] * 3
    (said,) = capfd.readouterr().err.splitlines()
    why = {"cut short": "it is not whole JSON", "a folder": "it cannot be read (Is a directory)"}[damage]
    assert said == f"{path} cannot be used: {why}; training its run quarantines it."
    assert path.exists()
    assert runs.record_to_keep(KEY) is None
    (aside,) = beside(path)
    assert capfd.readouterr().err == f"{path} was quarantined as {aside.name}: {why}.\n"
    assert aside.is_dir() if damage == "a folder" else aside.read_bytes() == content
    assert runs.record_to_keep(KEY) is None
    assert capfd.readouterr().err == ""


def test_record_that_cannot_be_opened_is_not_quarantined(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many open files, or a disk that is gone for a moment: the record may be sound."""

    def refuse(*given: object, **more: object) -> None:
        raise OSError(24, "Too many open files")

    runs.save_record(KEY, record())
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert runs.record(KEY) is None
    with pytest.raises(OSError, match="Too many open files"):
        runs.record_to_keep(KEY)
    monkeypatch.undo()
    assert runs.record_to_keep(KEY) is not None


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"step": 1}',
        '{"step": 1, "steps": 0}',
        '{"step": "a", "steps": 2}',
        '{"step": 3, "steps": 2}',
        '{"step": -1, "steps": 2}',
        '{"step": NaN, "steps": 2}',
    ],
    ids=range(9),
)
def test_nothing_depends_on_the_progress_file(said: str, runs: Store) -> None:
    with runs.lock(KEY):
        runs.save_progress(KEY, 3, 4)
    assert runs.progress(KEY) == 0.75
    (runs.folder(KEY) / "progress.json").write_text(said)
    assert runs.progress(KEY) == 0.0


def test_progress_goes_when_the_run_is_finished(runs: Store) -> None:
    with runs.lock(KEY):
        runs.save_progress(KEY, 3, 4)
    runs.save_record(KEY, record())
    assert not (runs.folder(KEY) / "progress.json").exists()


# --- one process at a time


HOLD = """
import sys, time
from anatomy.storage.store import Store
with Store(sys.argv[1]).lock(sys.argv[2]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_lock_excludes_another_process_and_goes_with_it(runs: Store) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, runs.root, KEY], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(TimeoutError), runs.lock(KEY, deadline=time.time() + 0.3):
            pytest.fail("two processes hold one lock")
        with runs.lock("another run", deadline=time.time() + 0.3):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with runs.lock(KEY, deadline=time.time() + 5):
            pass
    finally:
        holder.kill()
        holder.communicate()


def test_lock_excludes_another_thread(runs: Store) -> None:
    with runs.lock(KEY):
        with pytest.raises(TimeoutError), runs.lock(KEY, deadline=time.time() + 0.2):
            pytest.fail("two threads hold one lock")


# --- the disk is bounded


def filled(runs: Store, ages: dict[str, int]) -> None:
    """Runs of 1,000 bytes of weights each, so many seconds old."""
    for key, age in ages.items():
        runs.save_record(key, record(key=key))
        runs.save_checkpoint(key, bytes(968))
        then = time.time() - age
        os.utime(runs.folder(key) / "checkpoint", (then, then))


def test_prune_deletes_oldest_weights_first_and_never_a_record(runs: Store) -> None:
    filled(runs, {"a": 20, "b": 30, "c": 10})
    records = runs.size() - 3000
    assert runs.prune(records + 3000) == []
    assert runs.prune(records + 2999) == ["b/checkpoint"]
    assert runs.size() <= records + 2999
    assert runs.prune(0) == ["a/checkpoint", "c/checkpoint"]
    assert runs.size() == records
    assert all(runs.record(key) is not None for key in "abc")


def test_prune_deletes_what_was_quarantined(runs: Store) -> None:
    write_whole(runs.folder(KEY) / "record.json", b"{")
    assert runs.record_to_keep(KEY) is None
    (name,) = runs.prune(0)
    assert name.startswith(f"{KEY}/record.json.damaged-")


def test_prune_leaves_alone_what_is_being_trained(runs: Store) -> None:
    filled(runs, {"a": 20, "b": 30})
    with runs.lock("b"):
        assert runs.prune(0) == ["a/checkpoint"]
    assert runs.prune(0) == ["b/checkpoint"]


def test_size_while_files_come_and_go(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.save_checkpoint(KEY, bytes(68))
    gone = runs.folder(KEY) / "checkpoint.1.part"
    listed = [gone, *runs.root.rglob("*")]
    monkeypatch.setattr(Path, "rglob", lambda self, pattern: iter(listed))
    monkeypatch.setattr(Path, "is_file", lambda self: self.suffix == ".part" or self.name == "checkpoint")
    assert runs.size() == 100


def test_remove_takes_one_run(runs: Store) -> None:
    filled(runs, {"a": 1, "b": 1})
    runs.remove("a")
    assert runs.keys() == ["b"]


# --- a store that cannot be written


@pytest.mark.parametrize("inside", [False, True])
def test_store_that_is_a_file(inside: bool, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    runs = Store(file / "runs" if inside else file)
    with pytest.raises(InputError, match="cannot be written"):
        runs.check_writable()
    for read in (runs.keys, lambda: runs.prune(0)):
        with pytest.raises(InputError, match=f"{file} is a file; set ANATOMY_STORE or --store to a folder"):
            read()
    assert (runs.record(KEY), runs.checkpoint(KEY), runs.progress(KEY)) == (None, None, 0.0)
    assert file.read_text() == "mine"


def test_store_on_a_disk_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**given: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(InputError, match="Read-only file system"):
        Store(tmp_path / "runs").check_writable()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_store_in_a_folder_of_somebody_else(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="cannot be written"):
            Store(tmp_path / "runs").check_writable()
    finally:
        tmp_path.chmod(0o700)


def test_the_environment_names_the_default(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Store().root == store
    monkeypatch.delenv("ANATOMY_STORE")
    assert Store().root == Path("runs")
    assert Store("~/mine").root == Path.home() / "mine"
