"""What training will cost: which precision and compilation a study is given, and the timings behind it."""

import json
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anatomy.hardware.machine import Machine
from anatomy.scheduling import cost, worker
from anatomy.scheduling.cost import make_plan
from anatomy.scheduling.timings import convolution_kind, kind_of
from anatomy.storage.store import Store
from anatomy.training import train
from tiny import Here, swept, task, tiny

RUNS = [tiny(seed=seed, batch_size=size) for seed in (0, 1) for size in (32, 16)]


@pytest.fixture
def runs(store: Path) -> Store:
    return Store()


def planted(store: Store, tasks: dict[str, worker.Task], seconds: dict[int, tuple[float, float]]) -> None:
    """Timings of a step in fp32 and bf16, by batch size, where a convolution does not decide which is quicker."""
    known = {}
    for one in tasks.values():
        known[convolution_kind(one)] = {"fp32": 2.0, "bf16": 1.0}
        fp32, bf16 = seconds[one.run.batch_size]
        known[kind_of(one)] = {"fp32": fp32, "bf16": bf16, "bytes": 100.0}
    store.root.mkdir(parents=True, exist_ok=True)
    (store.root / "timings.json").write_text(json.dumps(known))


AUTO = Machine("cpu", "auto", 1)


def plan(store: Store, missing: slice, seconds: dict[int, tuple[float, float]]) -> cost.Plan:
    tasks = {one.key: one for one in (task(run, store, machine=AUTO) for run in RUNS)}
    planted(store, tasks, seconds)
    few = dict(list(tasks.items())[missing])
    return make_plan(tasks, few, store, ThreadPoolExecutor(1), 1)


# A run of batch 32 has 6 steps, one of 16 has 12; there are two of each.
@pytest.mark.parametrize(
    ("seconds", "precision"),
    [
        ({32: (1.0, 0.5), 16: (1.0, 0.5)}, "bf16"),
        ({32: (1.0, 2.0), 16: (1.0, 2.0)}, "fp32"),
        ({32: (1.0, 0.95), 16: (1.0, 0.95)}, "fp32"),  # too little to give up digits for
        ({32: (1.0, 0.1), 16: (1.0, 1.2)}, "bf16"),  # 15 against 18 seconds
        ({32: (1.0, 0.1), 16: (1.0, 1.4)}, "fp32"),  # 17.4 against 18: over nine tenths
    ],
)
def test_one_precision_for_a_study(seconds: dict[int, tuple[float, float]], precision: str, runs: Store) -> None:
    assert plan(runs, slice(None), seconds).precision == precision


@pytest.mark.parametrize(("times", "precision"), [(1 / 9, "fp32"), (7.0, "bf16")])
def test_where_a_convolution_decides_no_step_is_timed_in_both(
    times: float, precision: str, runs: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def speed(task: worker.Task, steps: int = 4) -> dict[str, float]:
        asked.append(task.machine.precision)
        return {task.machine.precision: 1.0, "bytes": 1.0}

    monkeypatch.setattr(cost, "convolution", lambda task: {"fp32": times, "bf16": 1.0})
    monkeypatch.setattr(cost, "speed", speed)
    tasks = {one.key: one for one in (task(run, runs, machine=AUTO) for run in RUNS)}
    assert make_plan(tasks, tasks, runs, Here(), 1).precision == precision
    assert set(asked) == {precision}


@pytest.mark.parametrize("missing", [slice(0, 1), slice(1, 2), slice(3, 4), slice(0, 4, 2), slice(1, 4, 2)])
def test_precision_does_not_depend_on_what_was_finished_before(missing: slice, runs: Store) -> None:
    """Alone, the runs of batch 16 would take fp32; their arms were trained in bf16 by an earlier call."""
    assert plan(runs, missing, {32: (1.0, 0.1), 16: (1.0, 1.2)}).precision == "bf16"


@pytest.mark.parametrize(
    ("seconds", "share", "compiling", "workers", "compile"),
    [
        (1.0, 0.5, 0.0, 1, "no"),  # 36 seconds in all: too short to ask
        (100.0, 0.8, 300.0, 1, "yes"),  # of 3,604 s a fifth, 721, for two kinds at 300
        (100.0, 0.8, 300.0, 2, "no"),  # two workers compile each for itself
        (100.0, 0.9, 300.0, 1, "no"),  # a tenth, 360
        (100.0, 1.0, 0.0, 1, "no"),  # no compiler
    ],
)
def test_compiled_where_it_pays(
    seconds: float, share: float, compiling: float, workers: int, compile: str, runs: Store
) -> None:
    tasks = {one.key: one for one in (task(run, runs, machine=AUTO) for run in RUNS)}
    planted(runs, tasks, {32: (seconds, 2 * seconds), 16: (seconds, 2 * seconds)})
    known = json.loads((runs.root / "timings.json").read_text())
    chosen = [kind_of(task(run, runs, machine=replace(AUTO, precision="fp32"))) for run in RUNS]
    known |= {f"fp32, compiled: {kind}": {"share": share, "compiling": compiling} for kind in chosen}
    (runs.root / "timings.json").write_text(json.dumps(known))
    assert make_plan(tasks, tasks, runs, ThreadPoolExecutor(1), workers).compile == compile


def test_timing_of_compiled_steps_where_nothing_compiles(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(method: Any) -> None:
        raise RuntimeError("no C++ compiler")

    monkeypatch.setattr(cost, "COMPILE_ABOVE", 0.0)
    monkeypatch.setattr(train, "compile_backbones", fail)
    one = task(RUNS[0], runs, machine=Machine("cpu", "fp32", 1))
    assert make_plan({one.key: one}, {one.key: one}, runs, Here(), 1).compile == "no"


def test_an_epoch_has_whole_batches_only(runs: Store) -> None:
    """Three epochs of 96 images in batches of 40: two steps each, and not 288 / 40 = 7."""
    assert cost.data_steps(task(tiny(batch_size=40, epochs=3), runs)) == 6


def test_cost_is_that_of_what_is_missing(runs: Store) -> None:
    """6 steps of 1 s, 12 of 1 s, and a second a run; two at a time."""
    some = plan(runs, slice(0, 2), {32: (1.0, 2.0), 16: (1.0, 2.0)})
    assert list(some.seconds.values()) == [7, 13]
    assert some.minutes(2) == pytest.approx(20 / 2 / 60)
    assert some.bytes == 200


def test_asked_for_by_hand(runs: Store) -> None:
    (key,) = swept(runs, RUNS[:1], machine=Machine("cpu", "bf16", 1)).keys
    record = runs.record(key)
    assert record is not None
    assert record["provenance"]["precision"] == "bf16"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}', '{"a": {"fp32": "x"}}', "\xff", "[" * 100_000])
def test_timings_that_cannot_be_read_are_made_anew(content: str, runs: Store) -> None:
    runs.root.mkdir()
    (runs.root / "timings.json").write_bytes(content.encode("latin-1"))
    assert swept(runs, RUNS[:1]).left == []
    assert kind_of(task(RUNS[0], runs)) in json.loads((runs.root / "timings.json").read_text())


@pytest.mark.parametrize(
    "timed",
    [
        1,
        {},
        {"fp33": 1.0, "bytes": 2.0},
        {"fp32": 1.0},
        {"bf16": 1.0, "bytes": 2.0},
        {"share": 1.0, "compiling": 2.0, "fp32": 1.0},
        {"share": 1.0, "compiling": 2.0},
        {"fp32": "nan", "bytes": 2.0},
        {"fp32": math.nan, "bytes": 2.0},
        {"fp32": -1.0, "bytes": 2.0},
        {"fp32": math.inf, "bytes": 2.0},
    ],
)
def test_damaged_timing_of_a_kind_is_made_anew(timed: object, runs: Store) -> None:
    """Non-regression: a name that was damaged was a KeyError at every call. What is sound beside it is kept."""
    runs.root.mkdir()
    kind, other = kind_of(task(RUNS[0], runs)), {"fp32": 7.0, "bytes": 8.0}
    (runs.root / "timings.json").write_text(json.dumps({kind: timed, "other": other}))
    assert swept(runs, RUNS[:1]).left == []
    known = json.loads((runs.root / "timings.json").read_text())
    assert known["other"] == other
    assert known[kind].keys() == {"fp32", "bytes"}
    assert 0 < known[kind]["fp32"] < 60


def test_timings_are_kept(runs: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    swept(runs, RUNS[:1], machine=AUTO)
    monkeypatch.setattr(cost, "speed", lambda given: pytest.fail("timed again"))
    assert swept(runs, [tiny(seed=9)], machine=AUTO).left == []


def test_kinds_differ_by_what_a_step_costs(runs: Store) -> None:
    base = kind_of(task(tiny(), runs))
    same = [tiny(seed=3), tiny(epochs=9), tiny(learning_rate=1), tiny(images=32)]
    other = [tiny(batch_size=16), tiny(width=8), tiny(size=32), tiny(method="simclr"), tiny(recorders="scores")]
    assert all(kind_of(task(run, runs)) == base for run in same)
    assert len({base, *(kind_of(task(run, runs)) for run in other)}) == 6
    assert kind_of(task(tiny(), runs, machine=Machine("cpu", "fp32", 2))) != base
