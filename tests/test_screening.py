"""Tuning by a screen and a final: on planted accuracies, which setting goes on."""

from functools import partial

import pytest

from anatomy.runs.arm import Arm, runs_of
from anatomy.runs.config import Run
from anatomy.study import presets
from anatomy.study.screening import (
    SEEDS,
    Tuned,
    at_own_best,
    bare,
    choose,
    final,
    finalists,
    grid,
    screen,
    trial,
    tune,
    wins,
)
from anatomy.study.study import Study
from planted_store import plant

BASE = {"epochs": 4, "evaluate_on": "test", "measures": "knn,linear_probe", "dataset": "shapes", "learning_rate": 0.12}
BASE |= {"recorders": "scores,score_histograms", "every": 3}
ARM = BASE | {"method": "simco", "loss": "dual_temperature", "temperature_intra": 0.1, "temperature_inter": 1.0}
PRESENT = (0.12, 0.1)


def key(run: Run) -> str:
    return run.key("d")


def point(run: Run) -> tuple[float, float]:
    return run.learning_rate, run.loss.options["temperature_intra"]


def screened(best: dict[tuple[float, float], float]) -> dict[str, float]:
    """Accuracies of the screen: those named, 30 elsewhere."""
    return {key(run): best.get(point(run), 30.0) for run in screen(ARM)}


def ended(gains: dict[tuple[float, float], tuple[float, float, float]], best: dict) -> dict[str, float]:
    """With the finals: the present setting at 40, the others above it by seed."""
    known = screened(best)
    runs = final(finalists(ARM, known, key))
    return known | {key(run): 40.0 + gains.get(point(run), (0.0, 0.0, 0.0))[SEEDS.index(run.seed)] for run in runs}


BEST = {(0.24, 0.2): 44.0, (0.06, 0.05): 43.0, (0.03, 0.1): 42.0, (0.24, 0.1): 41.0}


def test_the_screen_is_the_whole_grid_at_a_third_of_the_length() -> None:
    runs = screen(ARM)
    assert len({point(run) for run in runs}) == 12
    assert {(run.epochs, run.evaluate_on, run.seed) for run in runs} == {(2, "held_out", 1000)}  # a third of 4, up
    assert {run.loss.options["temperature_inter"] for run in runs} == {1.0}
    assert {s["temperature"] for s in grid({"method": "simco", "loss": "info_nce", "temperature": 0.1})} == {
        0.05,
        0.1,
        0.2,
    }


def test_no_verdict_uses_its_seeds_or_its_images() -> None:
    runs = screen(ARM) + final([ARM])
    assert {run.evaluate_on for run in runs} == {"held_out"}
    assert all(not {*SEEDS} & {*preset.seeds} for preset in presets.PRESETS.values())


def test_the_best_three_and_the_present_setting_go_on() -> None:
    going = finalists(ARM, screened(BEST), key)
    assert [point(trial(setting, 0)) for setting in going] == [PRESENT, (0.24, 0.2), (0.06, 0.05), (0.03, 0.1)]
    assert [(run.epochs, run.seed) for run in final(going)] == [(4, seed) for _ in going for seed in SEEDS]
    among = finalists(ARM, screened({**BEST, PRESENT: 45.0}), key)
    assert [point(trial(setting, 0)) for setting in among] == [PRESENT, (0.24, 0.2), (0.06, 0.05)]


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
    chosen = choose(ARM, ended(gains, BEST), key)
    assert point(trial(chosen, 0)) == to
    assert (chosen == ARM) == (to == PRESENT)


def test_nothing_is_chosen_while_a_run_is_missing() -> None:
    whole = ended({(0.24, 0.2): (3.0, 3.1, 2.9)}, BEST)
    for run in (*screen(ARM), *final(finalists(ARM, whole, key))):
        assert choose(ARM, {name: value for name, value in whole.items() if name != key(run)}, key) is None
    assert finalists(ARM, {}, key) is None


def test_two_standard_errors() -> None:
    """Gains 1, 2, 3: mean 2, deviation 1, standard error 0.577."""
    assert wins([1.0, 2.0, 3.0])
    assert not wins([-1.0, 1.0, 3.0])  # mean 1, standard error 1.15
    assert not wins([0.0, 0.0, 0.0])


def test_a_trial_records_nothing_and_reads_one_accuracy() -> None:
    run = trial(ARM, 1000)
    assert ([part.name for part in run.measures], run.recorders) == (["knn"], ())
    own = bare(Run.of(**ARM | {"measures": "knn,linear_probe,identities"}, seed=3))
    assert ([part.name for part in own.measures], own.recorders, own.seed) == (["knn", "linear_probe"], (), 3)


# --- the arms of contrasts

ONE, TWO, THREE = ARMS = [
    Arm(ARM | {"batch_size": size}, tuned=contrasts)
    for size, contrasts in ((32, ("x",)), (64, ("x", "y")), (128, ("y",)))
]
PAPER_SEEDS = (10, 11)


def tuned(changed: list[Arm], missing: Arm | None = None) -> list[Tuned]:
    """With a change that wins in some arms, and in the others none; of one arm the finals may be missing."""

    def known(arm: Arm, runs: list[Run]) -> dict[str, float]:
        if arm is missing and runs and runs[0].epochs == BASE["epochs"]:
            return {}
        gain = 3.0 if arm in changed else 0.0
        return {key(run): 40.0 + (gain + run.seed % 2) * (point(run) == (0.24, 0.2)) for run in runs}

    return [tune(arm, partial(known, arm), key) for arm in ARMS]


def own_best(changed: list[Arm], missing: Arm | None = None) -> list[Run]:
    return at_own_best(tuned(changed, missing), lambda arm: runs_of([arm], PAPER_SEEDS))


def test_a_final_follows_from_a_whole_screen() -> None:
    first = tune(ONE, lambda runs: {}, key)
    assert (len(first.screen), first.final, first.chosen) == (12, [], None)
    one = tune(ONE, lambda runs: {key(run): 40.0 for run in runs[1:]}, key)
    assert (one.final, one.chosen) == ([], None)
    second = tuned([ONE], missing=ONE)[0]
    assert (len(second.final), second.chosen) == (3 * 4, None)
    chosen = tuned([ONE])[0].chosen
    assert chosen is not None
    assert point(trial(chosen, 0)) == (0.24, 0.2)


def test_where_nothing_changes_the_best_runs_are_those_that_there_are() -> None:
    assert [key(run) for run in own_best([])] == [key(run) for run in runs_of(ARMS, PAPER_SEEDS)]


def test_a_changed_arm_is_trained_anew_and_the_others_of_its_contrast_are_beside_it() -> None:
    runs = own_best([ONE])
    assert [(run.batch_size, point(run), run.seed) for run in runs] == [
        *((32, (0.24, 0.2), seed) for seed in PAPER_SEEDS),
        *((size, PRESENT, seed) for size in (64, 128) for seed in PAPER_SEEDS),
    ]
    assert runs[0].recorders == ()
    assert {run.evaluate_on for run in runs} == {"test"}


def test_a_contrast_waits_until_all_its_arms_have_chosen() -> None:
    assert {run.batch_size for run in own_best([ONE], missing=ONE)} == {64, 128}  # y is decided, x is not
    assert own_best([ONE], missing=TWO) == []


# --- in a study


@pytest.fixture
def overnight(store: object) -> Study:
    return Study("score_visualization", preset="overnight", records="ignore", seeds=(3, 4))


def test_each_stage_follows_from_the_one_before(overnight: Study) -> None:
    """Planted: extrapolation is better at another learning rate."""
    assert set(Study("score_visualization", preset="laptop", records="ignore").stages) == {"paper", "floor"}
    stages = overnight.stages
    assert [len(stages[name]) for name in ("screen", "final", "best")] == [3 * 12, 0, 0]
    for run in stages["screen"]:
        plant(overnight, run, accuracy(run, 40.0))
    finals = again(overnight).stages["final"]
    assert 3 * 3 * 3 <= len(finals) <= 3 * 4 * 3
    for run in finals:
        plant(overnight, run, accuracy(run, 40.0 + 0.01 * (run.seed % 3)))
    best = again(overnight).stages["best"]
    found = {(run.transform.name, run.learning_rate) for run in best}
    assert found == {("none", 0.12), ("positive_extrapolation", 0.24), ("positive_interpolation", 0.12)}
    assert {run.seed for run in best} == {3, 4}
    paper = {overnight.key(run) for run in overnight.paper}
    assert {run.transform.name for run in best if overnight.key(run) not in paper} == {"positive_extrapolation"}


def accuracy(run: Run, of_all: float) -> dict:
    better = run.transform.name == "positive_extrapolation" and run.learning_rate == 0.24
    return {"knn": {"accuracy": [of_all + 5 * better]}}


def again(study: Study) -> Study:
    return study.with_records("ignore")


def test_the_arms_of_each_contrast(store: object) -> None:
    """Those that the parts called own best read, and no others."""
    arms = Study("dictionary_size", preset="overnight", records="ignore").request.arms()
    told = {id: [a.settings for a in arms if id in a.tuned] for id in ("dictionary-7", "dictionary-8", "dictionary-9")}
    named = {id: [(s["method"], s["loss"], s["batch_size"]) for s in of] for id, of in told.items()}
    assert named == {
        "dictionary-7": [("simco", "info_nce", 32), ("simco", "dual_temperature", 32)],
        "dictionary-8": [("mocov2", "info_nce", 256), ("simmoco", "dual_temperature", 256)],
        "dictionary-9": [("simco", "dual_temperature", 256), ("mocov2", "info_nce", 256)],
    }
