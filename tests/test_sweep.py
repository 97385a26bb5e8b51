"""Many runs: each trained once, on any executor; what is finished stays, whatever happens to the rest."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import crash
from anatomy.errors import InputError, RunFailed
from anatomy.hardware.machine import Machine
from anatomy.scheduling import sweep as module
from anatomy.scheduling import worker
from anatomy.scheduling.sweep import Outcome, sweep
from anatomy.storage.store import Store
from anatomy.training import network, optimizer, train
from anatomy.training.batches import batches
from tiny import MACHINE, one_line, swept, task, tiny

RUNS = [tiny(seed=seed, batch_size=size) for seed in (0, 1) for size in (32, 16)]


@pytest.fixture
def runs(store: Path) -> Store:
    return Store()


def tables(store: Store, keys: list[str]) -> list[Any]:
    records = [store.record(key) for key in keys]
    return [record and record["tables"] for record in records]


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The tables of RUNS, one after the other."""
    store = Store(tmp_path_factory.mktemp("unbroken"))
    return tables(store, swept(store, RUNS).keys)


# --- trained once, in order, anywhere


def test_keys_are_in_the_order_of_the_runs(runs: Store) -> None:
    done = swept(runs, RUNS)
    assert done == Outcome([task(run, runs).key for run in RUNS], [])
    assert sorted(done.keys) == runs.keys()


def test_equal_runs_are_one(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    trained: list[str] = []
    monkeypatch.setattr(module, "train_one", lambda given: (trained.append(given.key), worker.train_one(given))[1])
    done = swept(runs, [RUNS[0], RUNS[1], RUNS[0]])
    assert len(done.keys) == 2
    assert trained == done.keys
    assert swept(runs, RUNS[:2]) == done
    assert len(trained) == 2


def test_a_finished_study_starts_no_worker_and_says_nothing(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    swept(runs, RUNS[:1])
    monkeypatch.setattr(module, "pool", lambda *given: pytest.fail("a worker was started"))
    assert sweep(RUNS[:1], runs, say=lambda text: pytest.fail(text)).left == []


def test_threads_give_the_same_numbers(runs: Store, unbroken: list[Any]) -> None:
    """Two runs at once in one process: torch's own generator is shared, and must decide nothing."""
    with ThreadPoolExecutor(2) as executor:
        done = swept(runs, RUNS, executor=executor)
    assert tables(runs, done.keys) == unbroken


def test_fresh_weights_while_another_thread_seeds_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two threads at worst: one begins an epoch between the seed of the other's weights and their draw."""
    import torch

    alone = {name: value.clone() for name, value in network.build(RUNS[0]).state_dict().items()}
    load, epoch = network.bound_part, train.prepare(RUNS[1], MACHINE)
    with ThreadPoolExecutor(1) as other:

        def interrupted(kind: str, part: Any) -> Any:
            if kind == "backbone":
                began = other.submit(lambda: next(batches(epoch)))
                time.sleep(0.2)
                assert not began.done()
            return load(kind, part)

        monkeypatch.setattr(network, "bound_part", interrupted)
        beside = network.build(RUNS[0]).state_dict()
    assert all(torch.equal(alone[name], beside[name]) for name in alone)


def test_what_is_reported_before_and_meanwhile(runs: Store) -> None:
    said: list[str] = []
    swept(runs, RUNS, say=said.append)
    first = one_line(said[0])
    assert first.startswith("4 of 4 runs to train: about 0.")
    assert " MB, 1 at a time, fp32, on " in first or " MB, 2 at a time, fp32, on " in first
    said.clear()
    swept(runs, [*RUNS, tiny(seed=5)], say=said.append)
    assert said[0].startswith("1 of 5 runs to train")


def test_rules_are_written_down(runs: Store) -> None:
    (key,) = swept(runs, RUNS[:1], rules={"claim-1": "abc"}).keys
    record = runs.record(key)
    assert record is not None
    assert record["provenance"]["rules"] == {"claim-1": "abc"}


# --- what ends early


def test_failed_run_keeps_the_others(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = optimizer.learning_rate
    monkeypatch.setattr(optimizer, "learning_rate", lambda run, *at: 1e30 if run == RUNS[1] else ordinary(run, *at))
    with pytest.raises(RunFailed) as failed:
        swept(runs, RUNS)
    keys = [task(run, runs).key for run in RUNS]
    said = one_line(str(failed.value))
    assert said.startswith(f"1 of 4 runs failed, first {keys[1]}: the loss of simco became nan at step 1")
    assert said.endswith("finished runs are kept")
    assert [runs.record(key) is not None for key in keys] == [True, False, True, True]
    monkeypatch.undo()
    assert swept(runs, RUNS).left == []


def test_time_limit_leaves_runs_for_the_next_call(
    runs: Store, monkeypatch: pytest.MonkeyPatch, unbroken: list[Any]
) -> None:
    """The clock passes the limit once two runs are finished."""
    finished: list[str] = []

    def until_late(given: worker.Task) -> str:
        if len(finished) < 2:
            finished.append(worker.train_one(replace(given, deadline=None)))
            return finished[-1]
        assert given.deadline is not None
        return worker.train_one(replace(given, deadline=given.deadline - 1000))

    monkeypatch.setattr(module, "train_one", until_late)
    first = swept(runs, RUNS, time_limit=900.0)
    assert first.left == first.keys[2:]
    monkeypatch.undo()
    second = swept(runs, RUNS, time_limit=900.0)
    assert second == Outcome(first.keys, [])
    assert tables(runs, second.keys) == unbroken


def test_disk_that_is_full_is_an_oserror_and_what_is_finished_stays(
    runs: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary, keys = Store.save_checkpoint, [task(run, runs).key for run in RUNS]

    def full(self: Store, key: str, payload: bytes) -> None:
        if key == keys[2]:
            raise OSError(28, "No space left on device")
        ordinary(self, key, payload)

    monkeypatch.setattr(Store, "save_checkpoint", full)
    with pytest.raises(OSError, match="No space left"):
        swept(runs, RUNS)
    assert [runs.record(key) is not None for key in keys] == [True, True, False, True]


@pytest.mark.parametrize("before", [0, 1])
def test_what_is_gone_in_the_end_is_said(before: int, runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Non-regression: a store deleted while a study runs ended well, with fewer runs. Those found at first count."""
    keys = [task(run, runs).key for run in RUNS]
    swept(runs, RUNS[:before])

    def then_deleted(given: worker.Task) -> str:
        if given.key == keys[2]:
            shutil.rmtree(runs.root)
            raise FileNotFoundError(2, "No such file or directory", str(runs.folder(keys[2]) / "lock"))
        return worker.train_one(given)

    monkeypatch.setattr(module, "train_one", then_deleted)
    with pytest.raises(RunFailed) as failed:
        swept(runs, RUNS)
    assert one_line(str(failed.value)) == (
        f"3 of 4 runs are not in the store {runs.root}, first {keys[0]}: "
        "it was deleted, moved or damaged meanwhile; the same command trains them again"
    )
    monkeypatch.undo()
    assert swept(runs, RUNS).left == []


def test_a_resumed_run_that_keeps_its_precision_is_said(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It began in fp32, was stopped, and was asked for in bf16."""
    monkeypatch.setattr(worker, "SAVE_EVERY", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(
            "anatomy.training.run_tables.run_tables", lambda training: (_ for _ in ()).throw(RunFailed("stopped"))
        )
        with pytest.raises(RunFailed, match="stopped"):
            swept(runs, RUNS[:1])
    said: list[str] = []
    (key,) = swept(runs, RUNS[:1], machine=Machine("cpu", "bf16"), say=said.append).keys
    assert said[-1].startswith(f"run {key} was made in fp32, but asked for in bf16;")


# --- rejected before anything is written


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"batch_size": 97}, "batch_size is 97, but there are 96 images of shapes to train on; try 96 or fewer"),
        ({"images": 10**6}, "images = 1000000"),
        ({"dataset": "nothing"}, "'nothing' is not embedded and no data_root"),
        ({"dataset": "cifar10"}, "cifar10 needs data_root"),
    ],
)
def test_unfit_run_is_rejected(wrong: dict[str, Any], said: str, runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "pool", lambda *given: pytest.fail("a worker was started"))
    with pytest.raises(InputError, match=said):
        sweep([RUNS[0], tiny(**wrong)], runs, machine=MACHINE)
    assert not runs.root.exists()


def test_store_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine")
    monkeypatch.setattr(module, "pool", lambda *given: pytest.fail("a worker was started"))
    with pytest.raises(InputError, match="cannot be written"):
        sweep(RUNS, Store(tmp_path / "file"), machine=MACHINE)


def test_device_that_is_not_there(runs: Store) -> None:
    with pytest.raises(InputError, match="it must be auto, cpu or cuda"):
        swept(runs, RUNS, machine=Machine("tpu"))
    assert not runs.root.exists()


def test_recorder_that_needs_what_the_method_lacks(runs: Store, tmp_path: Path) -> None:
    text = 'class Nosy:\n    needs = ("weather",)\n\n    def __init__(self, *, often: int = 1) -> None:\n        pass\n'
    (tmp_path / "mine.py").write_text(text)
    with pytest.raises(InputError, match="needs weather, which method 'simco' does not have"):
        swept(runs, [tiny(recorders=f"{tmp_path}/mine.py:nosy")])
    assert not runs.root.exists()


# --- worker processes


LONG = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what runs in its background
sys.path.insert(0, sys.argv[2])
from anatomy.storage.store import Store
from anatomy.scheduling.sweep import sweep
from tiny import swept, MACHINE, tiny
if __name__ == "__main__":
    try:
        sweep([tiny(epochs=100_000, seed=seed) for seed in (0, 1)], Store(sys.argv[1]), machine=MACHINE, workers=2)
    except KeyboardInterrupt:
        sys.exit(130)
"""


def started(store: Store, tmp_path: Path) -> subprocess.Popen[str]:
    """A sweep of two endless runs in a process group of its own, well into their training."""
    script = tmp_path / "long.py"
    script.write_text(LONG)
    command = [sys.executable, str(script), str(store.root), str(Path(__file__).parent)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    began = time.monotonic()
    while len(list(store.root.glob("*/progress.json"))) < 2:
        assert process.poll() is None
        assert time.monotonic() - began < crash.PATIENCE
        time.sleep(0.1)
    return process


@pytest.mark.slow
@pytest.mark.parametrize("end", ["SIGKILL", "SIGINT"])
def test_workers_end_with_their_parent(end: str, runs: Store, tmp_path: Path) -> None:
    """SIGKILL of the parent alone, and Ctrl-C, which goes to all: in a second or two no process and no lock is left."""
    process = started(runs, tmp_path)
    try:
        assert len(crash.workers(process.pid)) == 2
        if end == "SIGINT":
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.kill()
        code = process.wait(timeout=crash.SOON)
        assert code == (130 if end == "SIGINT" else -signal.SIGKILL)
        crash.until(lambda: not crash.group(process.pid), crash.SOON)
        assert crash.group(process.pid) == []
        for key in runs.keys():
            with runs.lock(key, deadline=time.time() + 1):
                pass
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    finally:
        if crash.group(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.slow
def test_a_killed_study_goes_on_to_the_same_numbers(tmp_path: Path) -> None:
    """tests/crash.py with ten kills; `make crash` does two hundred."""
    expected = crash.unbroken(tmp_path / "unbroken")
    assert len(expected) > 1
    kinds = ["timing", "one worker", "a signal", "timing", "one worker", "inside a write", "parent", "timing", "group"]
    said = list(crash.rounds([*kinds, "one worker"], expected, random.Random(0), finish=crash.unbroken))
    assert said[-1] == "a study finished with the numbers of the unbroken one"
