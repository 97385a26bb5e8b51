"""A store that is looked at: every damaged file is named, and none is touched."""

import io
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from anatomy.cli.verify import Row, listed, verified
from anatomy.storage.checkpoint import sealed, state_of
from anatomy.storage.store import Store
from test_record import KEY, MADE, digested, record, without

TRAINING = {"method": {}, "optimizer": {}, "recorders": {}, "epoch": 1, "losses": [1.0]}
TRAINING |= {"precision": "fp32", "compile": "no"}
STATE: dict[str, Any] = {"key": KEY, "source": "a", "training": TRAINING, "started": 0.0, "seconds": 1.0}


def payload(**changed: Any) -> bytes:
    """Of a checkpoint as a session saves it."""
    buffer = io.BytesIO()
    torch.save({name: value for name, value in (STATE | changed).items() if value is not None}, buffer)
    return buffer.getvalue()


@pytest.fixture
def runs(store: Path) -> Store:
    """A store with one finished run."""
    found = Store()
    with found.lock(KEY):
        found.save_checkpoint(KEY, payload())
        found.save_record(KEY, record())
    return found


def unfinished(runs: Store) -> None:
    (runs.folder(KEY) / "record.json").unlink()
    runs.save_progress(KEY, 1, 4)


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Each file with its time and its bytes."""
    return {str(f): (f.lstat().st_mtime_ns, f.read_bytes()) for f in folder.rglob("*") if f.is_file()}


def test_sound_runs(runs: Store) -> None:
    (runs.folder(KEY) / ".DS_Store").write_text("the system's")
    assert list(map(str, verified(runs))) == [f"{KEY}  finished, 1 s"]
    assert not verified(runs)[0].damaged
    (runs.folder(KEY) / "checkpoint").unlink()
    assert verified(runs) == listed(runs) == [Row(KEY, "finished, 1 s, without weights")]
    unfinished(runs)
    assert verified(runs) == [Row(KEY, "25 % done")]


def flipped(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to("/no/such/disk/checkpoint")


def a_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


def writes(content: bytes) -> Callable[[Path], None]:
    return lambda path: (path.write_bytes(content), None)[1]


NOT_OURS = "it is no checkpoint of ours"
CHECKPOINTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a bit flipped": (flipped, "its bytes are not those that were written"),
    "empty": (writes(b""), "its bytes are not those that were written"),
    "cut short": (lambda path: os.truncate(path, 500), "its bytes are not those that were written"),
    "foreign bytes": (writes(b"PK\x03\x04 an archive of somebody"), "its bytes are not those that were written"),
    "foreign bytes, sealed": (writes(sealed(b"an archive of somebody")), NOT_OURS),
    "another run's": (writes(sealed(payload(key="f" * 16))), "it is of run ffffffffffffffff"),
    "a tensor": (writes(sealed(payload(key=None, training=None))), NOT_OURS),
    "of another training": (writes(sealed(payload(training={"epoch": 1}))), NOT_OURS),
    "a link to nothing": (dangling, "it cannot be read (No such file or directory)"),
    "a folder": (a_folder, "it cannot be read (Is a directory)"),
}


@pytest.mark.parametrize("ready", [True, False])
@pytest.mark.parametrize("what", CHECKPOINTS)
def test_damaged_checkpoint(what: str, ready: bool, runs: Store) -> None:
    """Non-regression: of an unfinished run none was read, and of a finished one only the digest."""
    spoil, why = CHECKPOINTS[what]
    spoil(runs.folder(KEY) / "checkpoint")
    if not ready:
        unfinished(runs)
    before = everything(runs.root)
    (row,) = verified(runs)
    assert row.damaged == (f"checkpoint: {why}",)
    assert row.state.startswith("finished, 1 s" if ready else "25 % done")
    assert everything(runs.root) == before
    assert listed(runs)[0].damaged == ()


DAMAGES: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "record": ("record.json", flipped, "it is not whole JSON"),
    "changed number": (
        "record.json",
        lambda path: (path.write_text(path.read_text().replace("0.25", "0.35")), None)[1],
        "its content is not what was written",
    ),
    "record without digest": (
        "record.json",
        lambda path: (path.write_text(json.dumps(without(json.loads(path.read_text()), "digest"))), None)[1],
        "it lacks one of digest, key, provenance, run, tables",
    ),
    "record without seconds": (
        "record.json",
        writes(digested(record(provenance=without(MADE, "seconds")))),
        "its provenance does not say 'seconds'",
    ),
    "progress": ("progress.json", writes(b'{"step": 5, "steps": 4}'), "it does not say how far the run is"),
    "lock": ("lock", a_folder, "it is no file"),
    "quarantined": ("checkpoint.damaged-17", writes(b"x"), "it was quarantined"),
    "half written": ("checkpoint.123.part", writes(b"x"), "it was left by a killed process"),
    "of somebody else": ("notes.txt", writes(b"x"), "it is no file of a run"),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_other_damage(what: str, runs: Store) -> None:
    name, spoil, why = DAMAGES[what]
    spoil(runs.folder(KEY) / name)
    before = everything(runs.root)
    (row,) = verified(runs)
    assert row.damaged == (f"{name}: {why}",)
    assert row.state == ("" if name == "record.json" else "finished, 1 s")
    assert str(row).endswith(f"damaged: {name}: {why}")
    assert everything(runs.root) == before


def test_each_damaged_file_of_a_run_is_named(runs: Store) -> None:
    for name in ("checkpoint", "record.json"):
        flipped(runs.folder(KEY) / name)
    (row,) = verified(runs)
    assert [why.partition(":")[0] for why in row.damaged] == ["checkpoint", "record.json"]
    assert str(row).count("damaged: ") == 2


def test_a_run_in_another_runs_folder(runs: Store) -> None:
    shutil.copytree(runs.folder(KEY), runs.folder("e" * 16))
    other = verified(runs)[1]
    assert [why.partition(": ")[2] for why in other.damaged] == [f"it is of run {KEY}"] * 2


def test_what_a_process_writes_now_is_no_damage(runs: Store) -> None:
    part = runs.folder(KEY) / "checkpoint.123.part"
    with runs.lock(KEY, deadline=time.time() + 5):
        part.write_bytes(b"half")
        assert verified(runs)[0].damaged == ()
    assert verified(runs)[0].damaged == (f"{part.name}: it was left by a killed process",)


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"kind": {"fp32": 1.0}}', '{"kind": {"fp33": 1.0, "bytes": 2.0}}', "[" * 100_000]
)
def test_damaged_timings(content: str, runs: Store) -> None:
    (runs.root / "timings.json").write_text('{"kind": {"fp32": 1.0, "bytes": 2.0}}')
    assert len(verified(runs)) == 1
    (runs.root / "timings.json").write_text(content)
    assert str(verified(runs)[1]) == (
        "timings.json  damaged: it is not what was written; the next study makes anew what it lacks"
    )


def test_a_state_that_would_run_code_is_not_ours(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "executed",))

    with pytest.raises(ValueError, match=NOT_OURS):
        state_of(payload(training=Evil()), KEY)
    assert not (tmp_path / "executed").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of POSIX")
@pytest.mark.parametrize("name", ["record.json", "checkpoint", "progress.json"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "runs" / KEY
    folder.mkdir(parents=True)
    os.mkfifo(folder / name)
    store = Store(tmp_path / "runs")
    (row,) = verified(store)
    assert any(said.startswith(f"{name}: it ") for said in row.damaged)
    assert store.record(KEY, quiet=True) is None
    assert listed(store)
