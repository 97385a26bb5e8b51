"""Device, precision and threads: what is there, what is said of it, and what is rejected."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from anatomy.errors import InputError
from anatomy.hardware import machine
from anatomy.hardware.machine import Machine, commit, cores, cpu_model
from tiny import cards

no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")


@pytest.mark.parametrize("device", ["tpu", "", "mps", "cpu:x", "Cuda"])
def test_unknown_device(device: str) -> None:
    with pytest.raises(InputError, match="try auto"):
        Machine(device).resolved()


@no_gpu
@pytest.mark.parametrize("device", ["cuda", "cuda:0"])
def test_device_that_is_not_there(device: str) -> None:
    with pytest.raises(InputError, match=f"'{device}'.*try cpu"):
        Machine(device).resolved()


@no_gpu
def test_auto_without_a_gpu_is_the_processor() -> None:
    assert Machine("auto", "bf16", 3).resolved() == Machine("cpu", "bf16", 3)


@pytest.mark.parametrize(
    ("asked", "device", "name", "where"),
    [
        ("auto", "cuda", "Card 0", "Card 0"),
        ("cuda", "cuda", "Card 0", "Card 0"),
        ("cuda:0", "cuda:0", "Card 0", "Card 0 (cuda:0)"),
        ("cuda:1", "cuda:1", "Card 1", "Card 1 (cuda:1)"),
    ],
)
def test_a_card_is_named_as_itself(
    asked: str, device: str, name: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards(2, monkeypatch)
    found = Machine(asked, threads=3).resolved()
    assert (found.device, found.describe()["device"], found.where) == (device, name, where)
    assert "gpu" not in found.describe()
    assert found.resolved() == found


def test_a_card_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    cards(2, monkeypatch)
    with pytest.raises(InputError, match="'cuda:2', but the last GPU here is cuda:1; try that"):
        Machine("cuda:2").resolved()


@pytest.mark.parametrize("asked", ["cpu", "cpu:0"])
def test_the_processor_where_there_are_cards(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cards(2, monkeypatch)
    found = Machine(asked).resolved()
    assert (found.device, found.gpu, found.where) == ("cpu", "", cpu_model())


@pytest.mark.parametrize(
    ("device", "threads", "workers"), [("cpu", 1, 16), ("auto", 3, 5), ("cpu", 99, 1), ("cuda", 1, 1)]
)
def test_runs_at_once(device: str, threads: int, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cores", lambda: 16)
    assert Machine(device, threads=threads).runs_at_once() == workers


@pytest.mark.gpu
def test_auto_with_a_gpu() -> None:
    found = Machine("auto").resolved()
    assert found.device == "cuda"
    assert found.describe()["device"] == torch.cuda.get_device_name()


def test_provenance_is_text_and_numbers() -> None:
    said = Machine("cpu", "fp32", 2).describe()
    names = {"device", "precision", "threads", "cpu", "torch", "python", "anatomy", "commit"}
    assert names <= said.keys()
    assert (said["device"], said["precision"], said["threads"]) == ("cpu", "fp32", 2)
    assert said["torch"] == torch.__version__
    assert json.loads(json.dumps(said)) == said


def test_processor_has_a_name() -> None:
    assert cpu_model()


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system pins no process")
def test_cores_are_those_this_process_may_use() -> None:
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)
    assert cores() == len(allowed)


@pytest.mark.parametrize("error", [FileNotFoundError("no git"), subprocess.CalledProcessError(128, "git")])
def test_commit_outside_of_git(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(subprocess, "run", fail)
    assert commit() == "unknown"


def test_commit_of_a_changed_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    file = tmp_path / "machine.py"
    file.write_text("1")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *command], check=True)
    monkeypatch.setattr(machine, "__file__", str(file))
    whole = commit()
    assert len(whole) == 12
    file.write_text("2")
    assert commit() == whole + "+"


def test_no_torch_at_import() -> None:
    script = "import sys; from anatomy.hardware import machine; from anatomy.scheduling import sweep, worker; "
    script += "print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "False\n"
