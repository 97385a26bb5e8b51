"""What the system refuses, as a user meets it: full disks, closed pipes, deleted folders, files in a folder's place."""

import errno
import os
import subprocess
import sys
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from anatomy import cli
from anatomy.errors import InputError, RunFailed, system_error
from anatomy.scheduling.sweep import outcome
from anatomy.storage.files import write_whole
from anatomy.storage.store import Store

TINY = ["run", "--images", "32", "--batch-size", "32", "--epochs", "1", "--width", "4", "--device", "cpu"]
OWN = "import torch\n\ndef {name}({arguments}):\n    return positive\n"


def anatomy(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "anatomy", *arguments]
    return subprocess.run(command, text=True, timeout=120, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload, no-any-return]


def test_a_full_disk_is_said_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as raised:
        write_whole(tmp_path / "record.json", b"text")
    assert system_error(raised.value) == f"{tmp_path / 'record.json'}: no space left on device"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_that_cannot_be_written() -> None:
    with Path("/dev/full").open("w") as full:
        done = anatomy("status", stdout=full)
    assert (done.returncode, done.stderr) == (1, "anatomy: standard output: no space left on device\n")


def test_a_reader_that_has_read_enough_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = anatomy("status", stdout=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_folder_that_was_deleted_beneath_us(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"import os; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r}); from anatomy import cli; "
    script += "raise SystemExit(cli.main(['status']))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr == "anatomy: the folder that this was started in has been deleted; start it in another\n"


def test_a_file_in_the_place_of_a_runs_folder(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("mine")
    with pytest.raises(InputError, match=r"key is a file, where a run's folder belongs; move it away"):
        with Store(tmp_path).lock("key"):
            pass
    assert (tmp_path / "key").read_text() == "mine"


def test_one_worker_that_was_killed_is_not_many_failures(tmp_path: Path) -> None:
    futures: dict[Future[object], str] = {}
    for key in "abc":
        future: Future[object] = Future()
        future.set_exception(BrokenProcessPool("A process in the process pool was terminated abruptly"))
        futures[future] = key
    with pytest.raises(RunFailed, match=r"^a worker process ended \(.*\), and 3 of 4 runs are not"):
        outcome(["a", "b", "c", "d"], futures, Store(tmp_path))


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ("positive", "too many positional arguments"),
        ("positive, negatives, mine", "missing a required argument: 'mine'"),
    ],
)
def test_an_own_loss_of_another_signature(
    arguments: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.py").write_text(OWN.format(name="mine", arguments=arguments))
    code = cli.main([*TINY, "--loss", f"{tmp_path / 'own.py'}:mine", "--store", str(tmp_path / "runs")])
    assert code == 2
    assert (
        f"cannot be called with positive and negatives ({why}); begin it with `def name(posit"
        in capsys.readouterr().err
    )


def test_an_own_option_with_the_name_of_a_flag(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.py").write_text(OWN.format(name="mine", arguments="positive, negatives, *, store: float = 0.1"))
    command = [*TINY, "--loss", f"{tmp_path / 'own.py'}:mine", "--store", str(tmp_path / "runs")]
    assert cli.main(command) == 2
    assert "has the name of a flag of this command; give it as --loss.store" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()
    assert cli.main([*command, "--loss.store", "0.2"]) == 0
