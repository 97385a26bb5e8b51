"""Tuning by a screen and a final: on planted accuracies, which setting goes on."""

import pytest

from anatomy import presets
from anatomy.config import Run
from anatomy.screening import SEEDS, choose, final, finalists, grid, screen, trained_anew, trial, wins

ARM = {"method": "simco", "loss": "dual_temperature", "temperature_intra": 0.1, "temperature_inter": 1.0}
BASE = {"epochs": 4, "evaluate_on": "test", "measures": "knn,linear_probe", "dataset": "shapes", "learning_rate": 0.12}
PRESENT = (0.12, 0.1)


def key(run: Run) -> str:
    return run.key("d")


def point(run: Run) -> tuple[float, float]:
    return run.learning_rate, run.loss.options["temperature_intra"]


def screened(best: dict[tuple[float, float], float]) -> dict[str, float]:
    """Accuracies of the screen: those named, 30 elsewhere."""
    return {key(run): best.get(point(run), 30.0) for run in screen(BASE, ARM)}


def ended(gains: dict[tuple[float, float], tuple[float, float, float]], best: dict) -> dict[str, float]:
    """With the finals: the present setting at 40, the others above it by seed."""
    known = screened(best)
    runs = final(BASE, finalists(BASE, ARM, known, key))
    return known | {key(run): 40.0 + gains.get(point(run), (0.0, 0.0, 0.0))[SEEDS.index(run.seed)] for run in runs}


BEST = {(0.24, 0.2): 44.0, (0.06, 0.05): 43.0, (0.03, 0.1): 42.0, (0.24, 0.1): 41.0}


def test_the_screen_is_the_whole_grid_at_a_third_of_the_length() -> None:
    runs = screen(BASE, ARM)
    assert len({point(run) for run in runs}) == 12
    assert {(run.epochs, run.evaluate_on, run.seed) for run in runs} == {(2, "held_out", 1000)}  # a third of 4, up
    assert {run.loss.options["temperature_inter"] for run in runs} == {1.0}
    assert {s["temperature"] for s in grid({"method": "simco", "loss": "info_nce", "temperature": 0.1})} == {
        0.05,
        0.1,
        0.2,
    }


def test_no_verdict_uses_its_seeds_or_its_images() -> None:
    runs = screen(BASE, ARM) + final(BASE, [ARM])
    assert {run.evaluate_on for run in runs} == {"held_out"}
    assert all(not {*SEEDS} & {*preset.seeds} for preset in presets.PRESETS.values())


def test_the_best_three_and_the_present_setting_go_on() -> None:
    going = finalists(BASE, ARM, screened(BEST), key)
    assert [point(trial(BASE, setting, 0)) for setting in going] == [PRESENT, (0.24, 0.2), (0.06, 0.05), (0.03, 0.1)]
    assert [(run.epochs, run.seed) for run in final(BASE, going)] == [(4, seed) for _ in going for seed in SEEDS]
    among = finalists(BASE, ARM, screened({**BEST, PRESENT: 45.0}), key)
    assert [point(trial(BASE, setting, 0)) for setting in among] == [PRESENT, (0.24, 0.2), (0.06, 0.05)]


@pytest.mark.parametrize(
    ("gains", "to"),
    [
        ({(0.24, 0.2): (3.0, 3.1, 2.9)}, (0.24, 0.2)),
        ({(0.24, 0.2): (1.0, 1.1, 0.9), (0.03, 0.1): (3.0, 3.1, 2.9)}, (0.03, 0.1)),  # the one that wins by most
        ({(0.24, 0.2): (9.0, 0.0, 0.1)}, PRESENT),  # 3.0 on average, and a standard error of 3.0
        ({(0.24, 0.2): (9.0, 0.0, 0.1), (0.06, 0.05): (0.5, 0.5, 0.4)}, (0.06, 0.05)),
        ({(0.24, 0.2): (-3.0, -3.1, -2.9)}, PRESENT),
        ({}, PRESENT),
    ],
)
def test_a_change_is_taken_only_where_it_wins_by_two_standard_errors(gains: dict, to: tuple[float, float]) -> None:
    chosen = choose(BASE, ARM, ended(gains, BEST), key)
    assert point(trial(BASE, chosen, 0)) == to
    assert (chosen == ARM) == (to == PRESENT)


def test_nothing_is_chosen_while_a_run_is_missing() -> None:
    whole = ended({(0.24, 0.2): (3.0, 3.1, 2.9)}, BEST)
    for run in (*screen(BASE, ARM), *final(BASE, finalists(BASE, ARM, whole, key))):
        assert choose(BASE, ARM, {name: value for name, value in whole.items() if name != key(run)}, key) is None
    assert finalists(BASE, ARM, {}, key) is None


def test_two_standard_errors() -> None:
    """Gains 1, 2, 3: mean 2, deviation 1, standard error 0.577."""
    assert wins([1.0, 2.0, 3.0])
    assert not wins([-1.0, 1.0, 3.0])  # mean 1, standard error 1.15
    assert not wins([0.0, 0.0, 0.0])


def test_all_arms_of_a_contrast_are_trained_anew_or_none() -> None:
    arms = {"one": {"a": 1}, "two": {"a": 1}}
    assert trained_anew(arms, arms) == {}
    changed = {"one": {"a": 2}, "two": {"a": 1}}
    assert trained_anew(arms, changed) == changed
