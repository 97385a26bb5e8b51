"""How the benchmarks measure: by a clock that is set, on memory that is taken, and on records that are planted."""

from pathlib import Path
from typing import Any

import pytest
import torch

import chapter_costs
import growth
import measuring
import speedrun
import study_growth
import views_accuracy
from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.study.study import Study
from anatomy.training import train


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """CPU seconds, moved by hand."""
    now = [0.0]
    monkeypatch.setattr(measuring.time, "process_time", lambda: now[0])
    return now


def test_a_ratio_is_the_median_of_the_rounds_and_not_of_the_sides(clock: list[float]) -> None:
    """Rounds of (4, 1), (30, 10), (10, 5) s after a first call that does not count: ratios 4, 3, 2."""
    theirs, ours = iter([99.0, 4, 30, 10]), iter([1.0, 1, 10, 5])

    def spend(seconds: float) -> None:
        clock[0] += seconds

    row = measuring.beside("x", lambda: spend(next(theirs)), lambda: spend(next(ours)), 3, images=100)
    assert (row["ratio"], row["low"], row["high"]) == (3, 2, 4)
    assert row["rounds"] == 3
    assert (row["lightly"], row["ours"]) == (10, 20)  # images / s of the median seconds, 10 and 5


def test_a_share_is_of_the_cores_peak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "ceiling_gflops", {"fp32": 80, "bf16": 160}.get)
    assert measuring.share(8e9, 0.2) == 0.5
    assert measuring.share(8e9, 0.2, "bf16") == 0.25


def test_the_slope_of_a_power_is_its_exponent() -> None:
    points = [(x, 3.0 * x**1.5) for x in (10, 100, 1000)]
    assert measuring.curve("cost", "x", "s", points)["slope"] == 1.5


def test_the_peak_is_what_a_call_takes_and_gives_back() -> None:
    peak = measuring.peak_mb(lambda: torch.ones(2**23).sum())  # 32 MB, written
    if peak is None:
        pytest.skip("this system does not say how much memory a process has had")
    assert 30 < peak < 40


@pytest.mark.parametrize("count", [90, 300])
def test_planted_records_are_found_under_their_own_keys(count: int) -> None:
    study = growth.planted(count)
    assert count / 2 < len(study.found) <= count
    assert all(study.found[key]["key"] == key for key in study.keys if key in study.found)
    assert len({record["run"].get("seed", 0) for record in study.found.values()}) == len(study.seeds)


def test_planted_records_are_judged() -> None:
    words = {one.verdict.word for row in growth.planted(300).verdicts() for one in row.verdicts}
    assert words & {"holds", "does not hold"}
    timed = growth.judged(90)
    assert (timed.records, timed.seconds > 0) == (len(growth.planted(90).found), True)


SIMCO = {"method": "simco", "temperature": 0.1, "batch_size": 256}


def test_a_kind_of_step_is_timed_once_whatever_temperature_seed_and_length() -> None:
    same = [Run.of(**SIMCO, **more) for more in ({}, {"seed": 3}, {"epochs": 9}, {"learning_rate": 0.3})]
    same.append(Run.of(**SIMCO | {"temperature": 0.5}))
    others = [Run.of(**SIMCO | more) for more in ({"width": 8}, {"norm": "group"}, {"norm": "group", "groups": 2})]
    assert len({chapter_costs.kind(run) for run in same}) == 1
    assert len({chapter_costs.kind(run) for run in (*same, *others)}) == 4


def test_the_steps_of_a_run_are_whole_batches_of_its_passes() -> None:
    """50,000 images of CIFAR-10, a tenth of shapes' 10,000 held out, or so many as are asked for."""
    cifar = Run.of(**SIMCO, dataset="cifar10", evaluate_on="test", epochs=8)
    assert chapter_costs.steps(cifar) == 8 * 195
    assert chapter_costs.steps(Run.of(**SIMCO, epochs=2)) == 2 * 35
    assert chapter_costs.steps(Run.of(**SIMCO, epochs=2, images=520)) == 2 * 2


def test_a_chapter_costs_the_steps_of_all_its_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a minute a step, as many minutes as steps; a kind is timed once."""
    timed: dict[str, float] = {}
    asked: list[Run] = []
    monkeypatch.setattr(chapter_costs, "step_seconds", lambda run, precision: asked.append(run) or 60.0)
    found = chapter_costs.cost("normalization", "laptop", "fp32", timed)
    runs = [run for run in Study("normalization", preset="laptop", records="ignore").runs if run.epochs]
    assert found["runs"] == len(runs)
    assert found["cpu_minutes"] == sum(map(chapter_costs.steps, runs))
    assert len(asked) == len(timed) < len(runs)


@pytest.mark.parametrize(("cores", "workers"), [(1, []), (6, [1, 2, 4])])
def test_a_study_is_timed_over_runs_and_over_the_workers_that_have_a_core(
    cores: int, workers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here a run costs 3 CPU seconds, and workers share them: slopes 1 and -1."""
    monkeypatch.setattr(study_growth, "cores", lambda: cores)
    monkeypatch.setattr(study_growth, "studied", lambda runs, workers: (3.0 * runs, 3.0 * runs / workers))
    over_runs, *over_workers = study_growth.curves()
    assert over_runs["points"] == [(1, 3.0), (2, 6.0), (4, 12.0), (8, 24.0), (16, 48.0)]
    assert over_runs["slope"] == 1
    assert [[at for at, _ in one["points"]] for one in over_workers] == ([workers] if workers else [])
    assert [one["slope"] for one in over_workers] == [-1 for one in over_workers]


TINY = speedrun.Recipe(((8, 2), (12, 1)), {"dataset": "shapes", "images": 64, "batch_size": 32, "width": 4})


def tiny(kept: Path, seed: int = 3) -> list[Any]:
    """What a speedrun of TINY says."""
    return speedrun.curve(TINY, seed, Machine("cpu", "fp32", 1, "no"), "", "held_out", kept)


def test_a_speedrun_trains_at_the_sizes_of_its_recipe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sizes, ordinary = [], train.train_step

    def noted(training: Any, batch: Any, step: int) -> Any:
        sizes.append(batch.views[0].shape[2])
        return ordinary(training, batch, step)

    monkeypatch.setattr(train, "train_step", noted)
    points = tiny(tmp_path / "kept.pt")
    assert sizes == [8] * 4 + [12] * 2
    assert [point["epoch"] for point in points] == [1, 2, 3]
    assert points[0]["cpu_seconds"] < points[-1]["cpu_seconds"]


def test_a_speedrun_that_was_stopped_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole, kept, steps, ordinary = tiny(tmp_path / "whole.pt"), tmp_path / "kept.pt", [], train.train_step

    def stopped_in_the_third_epoch(training: Any, batch: Any, step: int) -> Any:
        steps.append(step)
        if len(steps) == 6:
            raise KeyboardInterrupt
        return ordinary(training, batch, step)

    monkeypatch.setattr(train, "train_step", stopped_in_the_third_epoch)
    with pytest.raises(KeyboardInterrupt):
        tiny(kept)
    points = tiny(kept)
    assert steps == [0, 1, 2, 3, 4, 5, 4, 5]
    assert [(point["epoch"], point["accuracy"]) for point in points] == [
        (point["epoch"], point["accuracy"]) for point in whole
    ]
    assert points[0]["cpu_seconds"] < points[-1]["cpu_seconds"]


def test_a_speedrun_does_not_go_on_from_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tiny(tmp_path / "kept.pt", seed=4)
    steps, ordinary = [], train.train_step

    def counted(training: Any, batch: Any, step: int) -> Any:
        steps.append(step)
        return ordinary(training, batch, step)

    monkeypatch.setattr(train, "train_step", counted)
    tiny(tmp_path / "kept.pt", seed=3)
    assert steps == [0, 1, 2, 3, 4, 5]


def test_a_recipe_with_other_passes_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(speedrun.RECIPES, "tiny", TINY)
    question = speedrun.asked("tiny", 3, "test")
    answers = [question | {"points": []}, speedrun.asked("lightly", 3, "test")]
    assert speedrun.answered(question, answers)
    assert speedrun.answered(speedrun.asked("lightly", 3, "test"), answers)
    assert not speedrun.answered(speedrun.asked("tiny", 4, "test"), answers)
    monkeypatch.setitem(speedrun.RECIPES, "tiny", speedrun.Recipe(((8, 2), (12, 2)), TINY.change))
    assert not speedrun.answered(speedrun.asked("tiny", 3, "test"), answers)


@pytest.mark.parametrize("name", speedrun.RECIPES)
def test_every_recipe_of_the_speedrun_is_a_run(name: str) -> None:
    run = speedrun.RECIPES[name].run(2000, "held_out")
    assert run.epochs == len(speedrun.RECIPES[name].epochs)
    assert (run.dataset, run.evaluate_on) == ("cifar10", "held_out")


def test_pairs_of_views_are_written_down_in_the_order_of_their_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of runs whose accuracy is their seed, and half a point less by matrix; one of them on another processor."""
    monkeypatch.setattr(views_accuracy, "SEEDS", (7, 3))
    records = {
        views: [as_record(views_accuracy.run(views, seed), seed - less, "A" if less else "B") for seed in (7, 3)]
        for views, less in (("standard", 0.0), ("matrix", 0.5))
    }
    found = views_accuracy.about(records)
    assert found["accuracy"] == {"standard": [7.0, 3.0], "matrix": [6.5, 2.5]}
    assert (found["seeds"], found["cpu"], found["precision"]) == ([7, 3], ["A", "B"], ["bf16"])
    standard, matrix = (views_accuracy.run(views, 7) for views in views_accuracy.VIEWS)
    assert standard.model_copy(update={"views": matrix.views}) == matrix  # they differ in nothing else
    assert standard.evaluate_on == "held_out"


def as_record(run: Run, accuracy: float, cpu: str) -> Any:
    made = {"cpu": cpu, "precision": "bf16", "torch": "2", "commit": "c"}
    return {"run": run.content(), "tables": {"knn": {"accuracy": [accuracy]}}, "provenance": made}
