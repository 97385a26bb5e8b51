"""What is timed before a study begins: what chooses its precision, the rest briefly, within the time limit."""

import json
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from anatomy.errors import InputError, RunFailed
from anatomy.hardware.machine import Machine
from anatomy.scheduling import cost, worker
from anatomy.scheduling import sweep as module
from anatomy.scheduling.sweep import Outcome, sweep
from anatomy.scheduling.timings import kind_of
from anatomy.storage.store import Store
from tiny import MACHINE, Here, one_line, task, tiny

AUTO = Machine("cpu", "auto", 1)


@pytest.fixture
def runs(store: Path) -> Store:
    return Store()


def swept(store: Store, asked: list, **options: Any) -> Outcome:
    return sweep(asked, store, **{"machine": MACHINE, "executor": Here(), "say": lambda text: None, **options})


MANY = [tiny(batch_size=size, epochs=size // 8, temperature=0.1) for size in (8, 16, 24, 32, 48, 96)]


def train_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "train_one", lambda given: given.key)
    monkeypatch.setattr(module, "outcome", lambda keys, futures, store: Outcome(keys, []))


def timed(store: Store, asked: list, monkeypatch: pytest.MonkeyPatch, **options: Any) -> list[tuple[int, str, int]]:
    """(batch size, precision asked for, steps) of every timing that a sweep does."""
    seen = []

    def speed(given: worker.Task, steps: int = 4) -> dict[str, float]:
        seen.append((given.run.batch_size, given.machine.precision, steps))
        every = {"fp32": 1e-3, "bf16": 1.0, "bytes": 1.0}
        return every if given.machine.precision == "auto" else {given.machine.precision: 1e-3, "bytes": 1.0}

    monkeypatch.setattr(cost, "speed", speed)
    monkeypatch.setattr(cost, "convolution", lambda given: {"fp32": 2.0, "bf16": 1.0})  # either may be quicker
    train_nothing(monkeypatch)
    assert swept(store, asked, **options).left == []
    return seen


def test_the_kinds_with_most_work_choose_and_the_others_are_timed_briefly(
    runs: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An epoch is 96 images at any batch size here, so the work is that of the epochs."""
    both = [(size, "auto", 4) for size in (24, 32, 48, 96)]
    brief = [(size, "fp32", 1) for size in (8, 16)]
    assert timed(runs, MANY, monkeypatch, machine=AUTO) == both + brief
    assert timed(runs, MANY, monkeypatch, machine=AUTO) == []
    more = [*MANY, tiny(batch_size=12, epochs=1)]
    assert timed(runs, more, monkeypatch, machine=AUTO) == [(12, "fp32", 1)]


def test_nothing_is_timed_to_choose_where_there_is_no_choice(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [(size, "bf16", 1) for size in (8, 16, 24, 32, 48, 96)]
    assert timed(runs, MANY, monkeypatch, machine=Machine("cpu", "bf16", 1)) == asked


def test_a_run_that_cannot_be_is_rejected_before_another_begins(runs: Store) -> None:
    """Also one that is too small to choose anything."""
    wrong = tiny(norm="group", groups=3, batch_size=12, epochs=1)
    with pytest.raises(InputError, match="groups is 3"):
        swept(runs, [*MANY, wrong])
    assert not runs.root.exists()


def test_a_time_limit_holds_for_the_timing_too(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of three kinds takes for ever: the first is kept, and the next call times the others."""
    asked: list[str] = []
    end = Event()

    def slow(given: worker.Task, steps: int = 4) -> dict[str, float]:
        asked.append(given.key)
        if len(asked) == 2:
            end.wait(60)
        return {"fp32": 1e-3, "bytes": 1.0}

    monkeypatch.setattr(cost, "speed", slow)
    monkeypatch.setattr(module, "train_one", lambda given: pytest.fail("a run began"))
    with ThreadPoolExecutor(1) as one:
        done = swept(runs, MANY[:3], executor=one, time_limit=2.0)
        assert not end.is_set()
        end.set()
    assert done.left == done.keys
    assert len(asked) == 2
    assert runs.keys() == []
    assert json.loads((runs.root / "timings.json").read_text()).keys() == {kind_of(task(MANY[0], runs))}
    train_nothing(monkeypatch)
    assert swept(runs, MANY[:3], time_limit=60.0).left == []
    assert asked.count(done.keys[0]) == 1


def test_a_worker_that_dies_while_steps_are_timed_is_a_sentence(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def died(given: worker.Task, steps: int = 4) -> dict[str, float]:
        raise BrokenExecutor("A process in the process pool was terminated abruptly")

    monkeypatch.setattr(cost, "speed", died)
    with pytest.raises(RunFailed) as failed:
        swept(runs, MANY)
    assert "its process ended (killed, or out of memory)" in one_line(str(failed.value))
    assert not runs.root.exists()


def test_a_card_has_timings_and_a_name_of_its_own(runs: Store) -> None:
    kinds = [
        kind_of(task(tiny(), runs, machine=Machine(device, "fp32", 1, gpu=gpu)))
        for device, gpu in (("cpu", ""), ("cuda", "Card A"), ("cuda", "Card B"), ("cuda:1", "Card B"))
    ]
    assert len(set(kinds)) == 4
    some = cost.Plan("bf16", "no", {"a": 60.0}, 1e6)
    said = module.announcement(some, 1, 1, 1, Machine("cuda:1", gpu="Card B"))
    assert one_line(said).endswith("1 at a time, bf16, on Card B (cuda:1).")
