"""How a command ends otherwise: a loss that is no number, Ctrl-C, spoiled files, a full disk."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from commands import TINY, Said, as_json, run
from tiny import one_line


def test_loss_that_is_no_number(store: Path, capfd: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anatomy.training.optimizer.learning_rate", lambda run, step, steps: 1e30)
    assert run() == 1
    line = capfd.readouterr().err.splitlines()[-1]
    assert line.startswith("anatomy: 1 of 1 runs failed, first ")
    assert "became nan at step 1; the last good state is that after epoch 0; finished runs are kept" in line


def test_ctrl_c(store: Path, capfd: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*given: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("anatomy.cli.run.sweep", pressed)
    assert run() == 1
    assert one_line(capfd.readouterr().err).endswith("what was finished is kept, and the same command goes on")


@pytest.mark.parametrize("what", ["checkpoint", "record.json", "timings.json"])
def test_spoiled_file_does_not_stop_a_run(what: str, store: Path, capfd: Said) -> None:
    """Named, quarantined (timings are only made anew), and the run goes on to the same numbers."""
    assert run("--json") == 0
    first = json.loads(capfd.readouterr().out)
    folder = store / first["key"]
    path = store / what if what == "timings.json" else folder / what
    path.write_bytes(b"somebody else's")
    if what == "checkpoint":
        (folder / "record.json").unlink()
    assert run("--json") == 0
    said = capfd.readouterr()
    again = json.loads(said.out)
    assert again["tables"] == first["tables"]
    named = [line for line in said.err.splitlines() if "was quarantined as" in line]
    aside = list(folder.glob("*.damaged-*"))
    assert len(named) == len(aside) == (what != "timings.json")
    assert all(file.read_bytes() == b"somebody else's" for file in aside)
    assert all(str(path) in line for line in named)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB; mounting it needs root on Linux."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no command mount")
    if done.returncode:
        pytest.skip("no small file system may be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(file: Path) -> None:
    """Write until the file system is full."""
    with file.open("wb", buffering=0) as handle, suppress(OSError):
        while True:
            handle.write(bytes(4096))


def test_disk_that_is_full(small_disk: Path, capfd: Said) -> None:
    """A run finishes, the disk fills, the next run fails with one sentence; with room again it goes on."""
    store = small_disk / "runs"
    assert run("--store", str(store), "--json") == 0
    first = as_json(capfd)
    filler = small_disk / "filler"
    fill(filler)
    assert run("--store", str(store), "--seed", "1") == 1
    assert "checkpoint: no space left on device" in capfd.readouterr().err.splitlines()[-1]
    assert run("--store", str(store), "--json") == 0
    assert as_json(capfd) == first
    filler.unlink()
    assert run("--store", str(store), "--seed", "1", "--json") == 0
    assert as_json(capfd)["run"]["seed"] == 1
    assert list(store.rglob("*.part")) == []


@pytest.mark.slow
def test_as_a_program(store: Path, capfd: Said) -> None:
    """With a worker process: the same record as in this process, and nothing but JSON on stdout."""
    command = [sys.executable, "-m", "anatomy.cli", "run", *TINY.split(), "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "1 of 1 runs to train" in done.stderr
    there = json.loads(done.stdout)
    assert run("--json", "--store", str(store.parent / "other")) == 0
    here = as_json(capfd)
    assert (there["tables"], there["run"], there["key"]) == (here["tables"], here["run"], here["key"])
    wrong = subprocess.run([*command, "--epochs", "-1"], capture_output=True, text=True)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "epochs is '-1'" in one_line(wrong.stderr)
