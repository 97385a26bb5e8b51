"""One run in one process: trained once, gone on with after an end of any kind, doubted where the code has changed."""

import io
import json
import pickle
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from anatomy.errors import InputError, RunFailed
from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.scheduling import worker
from anatomy.scheduling.speed import speed
from anatomy.scheduling.worker import Session, train_one
from anatomy.storage.store import Store
from anatomy.training import network, optimizer, train
from anatomy.training.replay import first_losses
from tiny import MACHINE, one_line, task, tiny

RUN = tiny()


@pytest.fixture
def runs(store: Path) -> Store:
    return Store()


@pytest.fixture
def every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint after each epoch, however short."""
    monkeypatch.setattr(worker, "SAVE_EVERY", 0.0)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The tables of RUN, trained without interruption."""
    return tables(Store(tmp_path_factory.mktemp("unbroken")), RUN)


def tables(store: Store, run: Run, **given: Any) -> dict[str, Any]:
    record = store.record(train_one(task(run, store, **given)))
    assert record is not None
    return record["tables"]


def stop_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock of the loop that shows a second more at each step: with the deadline of that many seconds."""
    clock = iter(range(1, 1000))
    monkeypatch.setattr(train, "time", SimpleNamespace(time=lambda: next(clock), perf_counter=time.perf_counter))
    monkeypatch.setattr(worker, "time", SimpleNamespace(time=lambda: 0.0, perf_counter=time.perf_counter))


def break_off(store: Store, run: Run, steps: int) -> None:
    """Train that many steps, then let the time limit end the run."""
    with pytest.MonkeyPatch.context() as patch:
        stop_after(steps, patch)
        with pytest.raises(TimeoutError):
            train_one(task(run, store, deadline=float(steps - 1)))


# --- trained once


def test_a_run_and_its_record(runs: Store) -> None:
    key = train_one(task(RUN, runs))
    record = runs.record(key)
    assert record is not None
    assert key == RUN.key(worker.data.digest("shapes"))
    assert record["run"] == RUN.content()
    assert set(record["tables"]) == {"hardness", "scores", "loss", "knn"}
    said = record["provenance"]
    assert said["rules"] == {"claim-1": "abc"}
    assert (said["device"], said["precision"], said["threads"]) == ("cpu", "fp32", 1)
    assert 0 < said["seconds"] < 60
    assert abs(time.time() - said["started"]) < 600
    assert said["first_losses"] == pytest.approx(first_losses(RUN, MACHINE, None), rel=1e-8)
    assert runs.progress(key) == 0.0
    assert {f.name for f in runs.folder(key).iterdir()} == {"record.json", "checkpoint", "lock"}


def test_asked_twice_is_trained_once(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    key = train_one(task(RUN, runs))
    before = (runs.folder(key) / "record.json").read_bytes()
    monkeypatch.setattr(Session, "train", lambda self: pytest.fail("trained again"))
    assert train_one(task(tiny(), runs)) == key
    assert train_one(task(RUN, runs, machine=Machine("cpu", "bf16", 1), rules={})) == key
    assert (runs.folder(key) / "record.json").read_bytes() == before


def test_two_that_want_the_same_run_share_it(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads have two locks on the file, as two processes have (the processes are in a slow test)."""
    trained, ordinary = [], Session.train
    monkeypatch.setattr(Session, "train", lambda self: (trained.append(self.key), ordinary(self))[1])
    with ThreadPoolExecutor(2) as both:
        keys = list(both.map(train_one, [task(RUN, runs)] * 2))
    assert keys[0] == keys[1]
    assert trained == [keys[0]]


SHARE = """
import json, sys
sys.path.insert(0, sys.argv[2])
from tiny import task, tiny
from anatomy.storage.store import Store
from anatomy.scheduling.worker import Session, train_one
ordinary, trained = Session.train, []
Session.train = lambda self: (trained.append(1), ordinary(self))[1]
print(json.dumps([train_one(task(tiny(epochs=60), Store(sys.argv[1]))), len(trained)]))
"""


@pytest.mark.slow
def test_two_processes_that_want_the_same_run_share_it(runs: Store) -> None:
    command = [sys.executable, "-c", SHARE, str(runs.root), str(Path(__file__).parent)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [json.loads(process.communicate(timeout=100)[0]) for process in both]
    assert said[0][0] == said[1][0]
    assert sorted(count for _, count in said) == [0, 1]


# --- gone on with


def test_time_limit_before_it_begins(runs: Store) -> None:
    with pytest.raises(TimeoutError, match="before it began"):
        train_one(task(RUN, runs, deadline=time.time() - 1))
    assert [f.name for f in runs.folder(task(RUN, runs).key).iterdir()] == ["lock"]


@pytest.mark.parametrize("steps", [1, 3, 4, 6])
def test_time_limit_and_on_to_the_same_numbers(
    steps: int, runs: Store, every_epoch: None, unbroken: dict[str, Any]
) -> None:
    """Within the first epoch, at its end, within the second, at the last step."""
    break_off(runs, RUN, steps)
    assert runs.record(task(RUN, runs).key) is None
    assert (runs.checkpoint(task(RUN, runs).key) is not None) == (steps > 3)
    assert tables(runs, RUN) == unbroken


def test_seconds_and_start_go_on(runs: Store, every_epoch: None) -> None:
    break_off(runs, RUN, 4)
    key = task(RUN, runs).key
    state = torch.load(io.BytesIO(runs.checkpoint(key) or b""), weights_only=True)
    changed = {**state, "seconds": 1000.0, "started": 5.0}
    save(runs, key, changed)
    train_one(task(RUN, runs))
    record = runs.record(key)
    assert record is not None
    assert 1000 < record["provenance"]["seconds"] < 1060
    assert record["provenance"]["started"] == 5.0


def test_a_resumed_run_keeps_its_precision(runs: Store, every_epoch: None, unbroken: dict[str, Any]) -> None:
    break_off(runs, RUN, 4)
    assert tables(runs, RUN, machine=Machine("cpu", "bf16", 1)) == unbroken
    record = runs.record(task(RUN, runs).key)
    assert record is not None
    assert record["provenance"]["precision"] == "fp32"


def test_checkpoints_are_some_seconds_apart_and_one_is_after_the_last_epoch(
    runs: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[int] = []
    ordinary = Store.save_checkpoint
    monkeypatch.setattr(
        Store, "save_checkpoint", lambda self, key, payload: (saved.append(1), ordinary(self, key, payload))[1]
    )
    key = train_one(task(tiny(epochs=5), runs))
    assert len(saved) == 1
    assert torch.load(io.BytesIO(runs.checkpoint(key) or b""), weights_only=True)["training"]["epoch"] == 5


# --- checkpoints that are not ours


class Evil:
    """What a pickle may do when it is loaded."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.target,))


def save(store: Store, key: str, state: Any) -> None:
    buffer = io.BytesIO()
    torch.save(state, buffer)
    store.save_checkpoint(key, buffer.getvalue())


def spoil(how: str, store: Store, key: str, target: Path) -> None:
    """Put something else in the place of a checkpoint of RUN after one epoch."""
    path = store.folder(key) / "checkpoint"
    content = path.read_bytes()
    if how == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif how == "flipped":
        path.write_bytes(content[:999] + bytes([content[999] ^ 1]) + content[1000:])
    elif how == "text":
        store.save_checkpoint(key, b"not a checkpoint")
    elif how == "a pickle":
        store.save_checkpoint(key, pickle.dumps(Evil(target)))
    elif how == "a pickle in torch's form":
        save(store, key, {"key": key, "training": Evil(target)})
    else:
        state = torch.load(io.BytesIO(content[32:]), weights_only=True)
        changed = {"a list": [1], "of another run": state | {"key": "f" * 16}, "of other code": state | {"source": "x"}}
        save(store, key, changed[how])


SPOILED = [
    "cut",
    "flipped",
    "text",
    "a pickle",
    "a pickle in torch's form",
    "a list",
    "of another run",
    "of other code",
]


@pytest.mark.parametrize("how", SPOILED)
def test_spoiled_checkpoint_is_quarantined_and_the_run_begins_anew(
    how: str,
    runs: Store,
    every_epoch: None,
    unbroken: dict[str, Any],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    break_off(runs, RUN, 4)
    key = task(RUN, runs).key
    spoil(how, runs, key, tmp_path / "executed")
    content = (runs.folder(key) / "checkpoint").read_bytes()
    capfd.readouterr()
    assert tables(runs, RUN) == unbroken
    said = one_line(capfd.readouterr().err)
    assert str(runs.folder(key) / "checkpoint") in said
    (aside,) = runs.folder(key).glob("checkpoint.damaged-*")
    assert aside.read_bytes() == content
    assert not (tmp_path / "executed").exists()


def test_spoiled_record_is_quarantined_and_what_was_trained_is_used(
    runs: Store, unbroken: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    """The weights of the last epoch are still there: only the measures are made again."""
    key = train_one(task(RUN, runs))
    path = runs.folder(key) / "record.json"
    path.write_bytes(path.read_bytes()[:100])
    assert tables(runs, RUN) == unbroken
    assert "record.json was quarantined" in one_line(capfd.readouterr().err)


# --- the loss is no number


def test_failed_run_keeps_its_last_good_checkpoint(
    runs: Store, every_epoch: None, monkeypatch: pytest.MonkeyPatch, unbroken: dict[str, Any]
) -> None:
    ordinary, key = optimizer.learning_rate, task(RUN, runs).key
    with monkeypatch.context() as patch:
        patch.setattr(
            optimizer, "learning_rate", lambda run, step, steps: 1e30 if step == 4 else ordinary(run, step, steps)
        )
        with pytest.raises(RunFailed, match=r"nan at step 5; .* after epoch 1"):
            train_one(task(RUN, runs))
    assert runs.record(key) is None
    assert torch.load(io.BytesIO(runs.checkpoint(key) or b""), weights_only=True)["training"]["epoch"] == 1
    assert tables(runs, RUN) == unbroken


# --- the code has changed since


def change_provenance(store: Store, key: str, **changed: Any) -> None:
    """Change what the record says of its making."""
    record = store.record(key)
    assert record is not None
    store.save_record(key, record | {"provenance": record["provenance"] | changed})


@pytest.fixture
def changed_code(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(worker, "source_digest", lambda run: "changed")
    return "changed"


def test_a_run_without_epochs_is_measured_anew_by_other_code(
    runs: Store, changed_code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """It has no losses to compare. Non-regression: the quarantine had another name here."""
    run = tiny(method="naive", temperature=None, epochs=0, recorders="", measures="knn")
    key = train_one(task(run, runs))
    change_provenance(runs, key, sources=["old"])
    capfd.readouterr()
    assert train_one(task(run, runs)) == key
    assert "quarantined as record.json.damaged-" in one_line(capfd.readouterr().err)
    record = runs.record(key)
    assert record is not None
    assert record["provenance"]["sources"] == [changed_code]


def test_other_code_that_gives_the_same_losses_is_trusted(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """3 steps an epoch: the first 8 losses go over epochs; here the run has 6 in all."""
    key = train_one(task(RUN, runs))
    before = runs.record(key)
    monkeypatch.setattr(worker, "source_digest", lambda run: "changed")
    monkeypatch.setattr(Session, "train", lambda self: pytest.fail("trained again"))
    assert train_one(task(RUN, runs)) == key
    after = runs.record(key)
    assert before is not None
    assert after is not None
    assert after["tables"] == before["tables"]
    assert after["provenance"] == before["provenance"] | {"sources": [*before["provenance"]["sources"], "changed"]}
    assert runs.checkpoint(key) is not None
    monkeypatch.setattr(worker, "first_losses", lambda *given: pytest.fail("replayed again"))
    assert train_one(task(RUN, runs)) == key


@pytest.mark.parametrize("losses", ["one in the last digits", "too few", "none"])
def test_other_code_that_gives_other_losses_is_stale(
    losses: str, runs: Store, changed_code: str, unbroken: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    key = train_one(task(RUN, runs))
    record = runs.record(key)
    assert record is not None
    first = record["provenance"]["first_losses"]
    changed = {"one in the last digits": [*first[:-1], first[-1] * (1 + 1e-6)], "too few": first[:-1], "none": []}
    change_provenance(runs, key, sources=["old"], first_losses=changed[losses])
    stale = (runs.folder(key) / "record.json").read_bytes()
    capfd.readouterr()
    assert tables(runs, RUN) == unbroken
    assert "the code has changed" in one_line(capfd.readouterr().err)
    (aside,) = runs.folder(key).glob("record.json.damaged-*")
    assert aside.read_bytes() == stale
    again = runs.record(key)
    assert again is not None
    assert again["provenance"]["sources"] == ["changed"]


@pytest.mark.parametrize(("off", "trusted"), [(5e-4, True), (5e-3, False)])
def test_another_processor_gives_nearly_the_same(off: float, trusted: bool, runs: Store, changed_code: str) -> None:
    key = train_one(task(RUN, runs))
    record = runs.record(key)
    assert record is not None
    first = [loss * (1 + off) for loss in record["provenance"]["first_losses"]]
    change_provenance(runs, key, sources=["old"], first_losses=first, cpu="another")
    train_one(task(RUN, runs))
    again = runs.record(key)
    assert again is not None
    assert again["provenance"]["sources"] == (["old", "changed"] if trusted else ["changed"])


def test_replay_uses_the_records_precision(runs: Store, changed_code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = train_one(task(RUN, runs, machine=Machine("cpu", "bf16", 1)))
    change_provenance(runs, key, sources=["old"])
    monkeypatch.setattr(Session, "train", lambda self: pytest.fail("trained again"))
    train_one(task(RUN, runs))


# --- before anything is written


def test_wrong_input_is_rejected_before_the_first_step(runs: Store) -> None:
    with pytest.raises(InputError, match="try 96 or fewer"):
        train_one(task(tiny(batch_size=97), runs))
    with pytest.raises(InputError, match="it must be auto, cpu or cuda"):
        speed(task(RUN, runs, machine=Machine("tpu")))
    assert runs.keys() in ([], [task(tiny(batch_size=97), runs).key])


def test_speed_writes_nothing(runs: Store) -> None:
    timed = speed(task(RUN, runs, machine=Machine("cpu", "auto", 1)))
    assert timed.keys() == {"fp32", "bf16", "bytes"}
    assert speed(task(RUN, runs)).keys() == {"fp32", "bytes"}
    weights = sum(t.numel() * t.element_size() for t in network.build(RUN).state_dict().values())
    assert timed["bytes"] == 2 * weights
    assert all(0 < timed[precision] < 60 for precision in ("fp32", "bf16"))
    assert not runs.root.exists()
