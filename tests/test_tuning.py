"""Equal tuning: each arm meets the same grid, on images and a seed that no verdict uses; the best is what it says."""

from dataclasses import replace

import pytest

from anatomy import presets, studies
from anatomy.config import Run
from anatomy.study import Study
from anatomy.tuning import LEARNING_RATES, SEED, TEMPERATURES, best, candidates, tuning_run

ARM = {"method": "simco", "loss": "dual_temperature", "temperature_intra": 0.1, "temperature_inter": 1.0}
BASE = {"epochs": 3, "evaluate_on": "test", "measures": "knn,linear_probe", "dataset": "shapes"}


def test_the_grid_is_two_by_two_and_spares_the_other_temperature() -> None:
    grid = candidates(ARM)
    assert {(c["learning_rate"], c["temperature_intra"]) for c in grid} == {
        (rate, t) for rate in LEARNING_RATES for t in TEMPERATURES
    }
    assert {c["temperature_inter"] for c in grid} == {1.0}
    one = candidates({"method": "simco", "loss": "info_nce", "temperature": 0.1})
    assert {c["temperature"] for c in one} == set(TEMPERATURES)


def test_a_trial_is_half_as_long_and_sees_no_test_image() -> None:
    trial = tuning_run(BASE, candidates(ARM)[0])
    assert (trial.epochs, trial.evaluate_on, trial.seed) == (2, "held_out", SEED)  # half of 3, rounded up
    assert all(SEED not in preset.seeds for preset in presets.PRESETS.values())


def test_the_best_is_the_most_accurate_and_unknown_while_one_is_missing() -> None:
    trials = [tuning_run(BASE, candidate) for candidate in candidates(ARM)]
    scores = {run.key("d"): accuracy for run, accuracy in zip(trials, (40.0, 43.0, 43.0, 12.0), strict=True)}
    assert best(BASE, ARM, scores, lambda run: run.key("d")) == candidates(ARM)[1]  # the first of equals
    scores.pop(trials[3].key("d"))
    assert best(BASE, ARM, scores, lambda run: run.key("d")) is None


@pytest.fixture
def overnight(store: object) -> Study:
    return Study("dictionary_size", preset="overnight", records="ignore")


def test_a_full_study_tunes_its_contenders_and_a_small_one_nothing(overnight: Study) -> None:
    assert set(Study("dictionary_size", preset="laptop", records="ignore").stages) == {"paper", "floor"}
    stages = overnight.stages
    assert len(stages["tuning"]) == 4 * len(overnight.contenders)
    assert stages["best"] == []  # nothing is trained, so nothing is known


def test_every_arm_is_trained_at_its_own_best_once_that_is_known(
    overnight: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the last point of the grid wins everywhere."""

    def records(runs: dict[str, Run]) -> dict[str, dict]:
        scores = {key: float(number % 4) for number, key in enumerate(runs)}
        return {key: {"tables": {"knn": {"accuracy": [score]}}} for key, score in scores.items()}

    monkeypatch.setattr(overnight, "_records", records)
    chosen = overnight.stages["best"]
    assert len(chosen) == len(overnight.contenders) * len(overnight.seeds)
    assert {run.learning_rate for run in chosen} == {LEARNING_RATES[-1]}
    assert {run.evaluate_on for run in chosen} == {"test"}
    assert {run.seed for run in chosen} == set(overnight.seeds)


def test_a_chapter_may_have_a_size_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it does not say stays the preset's, and no other chapter or preset sees it."""
    own = {"x": {"epochs": 3, "seeds": (7,)}}
    monkeypatch.setattr(studies, "sizes", lambda chapter: own if chapter == "a" else {})
    preset = presets.Preset("x", "shapes", (0, 1), {"epochs": 2, "size": 16})
    assert preset.of("a").run == {"epochs": 3, "size": 16}
    assert preset.of("a").seeds == (7,)
    assert preset.of("b") == preset
    assert replace(preset, name="y").of("a").run == preset.run
    assert own["x"] == {"epochs": 3, "seeds": (7,)}


def test_every_size_of_a_chapter_is_a_presets() -> None:
    assert all(set(studies.sizes(chapter)) <= set(presets.PRESETS) for chapter in studies.names())
