"""The claims of the normalization chapter on planted tables: which runs they read, and the words they give."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from anatomy import claims, studies, verdicts
from anatomy.arms import normalization as arms
from anatomy.arms.select import by_seed
from anatomy.runs.arm import runs_of
from anatomy.study import presets
from anatomy.verdicts.criteria import SMALLER
from anatomy.verdicts.verdict import Verdict
from planted_floor import planted_floor

SEEDS, NOISE = (0, 1, 2), (0.1, -0.1, 0.05)
LN_10 = 2.302585
Row = dict[str, Any]
Plant = Callable[[Row], float]


def planted(dataset: str = "cifar10") -> list[Row]:
    """Settings of every run that the study asks for at overnight, by the names of a table's columns."""
    base = presets.load("overnight").of("normalization").run | {"dataset": dataset}
    runs = runs_of(studies.load("normalization").arms(base, full=True), SEEDS)
    return [{"key": f"{number:04}", "stage": "paper", **run.flat()} for number, run in enumerate(runs)]


RUNS, SVHN = planted(), planted("svhn")
# Accuracy in points under which every claim on it holds, by norm; what is not named is absurd.
LEAD = {4: 2.0, 16: 10.0, 256: 20.0}  # of BN over GN


def accuracy(row: Row) -> float:
    """As the papers would have it."""
    if row["optimizer"] == "adam":
        change = {0.0: 0.0, 5e-4: -3.0 if row["norm"] == "group" else -1.0}[row["weight_decay"]]
        gain = {0.0: 0.0, 0.3: 4.0 if row["norm"] == "group" else 2.0}[row["dropout"]]
        return 40 + change + gain - 3 * (row["norm"] == "group_plus")
    if row["order"] in ("batch_first", "parallel") or row["running"] is True:
        return 0.0
    of_group = 50 - LEAD.get(row["batch_size"], 99)
    plain = {"batch": 50, "batch_channel": 51, "group": of_group, "group_plus": of_group + 5}.get(row["norm"], 1)
    return 52 if row["standardize"] else plain


def loss(row: Row, step: int) -> float:
    """Learning starts sooner with BN; GN is ahead of no norm only early; under noise GN stays at chance."""
    if (row["noise_deviation"] or 0) > 0:
        stuck = row["norm"] == "group" and row["noise_deviation"] > 1
        return LN_10 if stuck else LN_10 - step / 400
    early = 0.2 if row["norm"] == "none" and step <= 30 else 0.0
    slow = {"batch": 0.0, "group": 0.3, "none": 0.3, "group_plus": 0.3}[row["norm"]]
    return 2 - step / 300 + slow + early + 100 * row["learning_rate"]


def change(row: Row) -> float:
    """A wider band for GN."""
    return 0.5 + row["learning_rate"] * (2000 if row["norm"] == "group" else 500)


def jitter(row: Row) -> float:
    """The luck of a seed, another in every arm."""
    return NOISE[row["seed"]] * (1 + len(row["norm"]) % 3 + bool(row["standardize"]))


def tables(
    runs: list[Row] = RUNS,
    accuracy: Plant = accuracy,
    loss: Callable[[Row, int], float] = loss,
    change: Plant = change,
    pixels: float = -500.0,
) -> dict[str, pd.DataFrame]:
    """What a study's tables would be."""
    frame = pd.DataFrame(runs)
    supervised = frame[frame["method"] == "supervised"].to_dict("records")
    band = [row for row in supervised if row["optimizer"] == "adam" and row["record_every"] == 1]
    judged = [row for row in supervised if row["record_every"] != 1 or row["dataset"] == "svhn"]
    steps = range(0, 240, 10)
    luck = {row["key"]: 0.01 * jitter(row) for row in band}
    gradients = [
        row | {"step": step, "loss": loss(row, step) + luck[row["key"]] / 100, "change": change(row) + luck[row["key"]]}
        for row in band
        for step in steps
    ]
    mates = [row | _mates(row) for row in judged if row["optimizer"] == "sgd"]
    return {
        "floor": planted_floor(frame, pixels),
        "accuracy": pd.DataFrame([row | {"accuracy": accuracy(row) + jitter(row)} for row in judged]),
        "gradients": pd.DataFrame(gradients),
        "batch_mates": pd.DataFrame(mates),
    }


def _mates(row: Row) -> Row:
    depends = row["norm"] == "group_plus" and row["running"] is not True
    return {"change": 0.7 + jitter(row) if depends else 1e-16, "alone": 0.0 if depends else 1.0}


def judge(number: int, found: dict[str, pd.DataFrame], preset: str = "overnight") -> Verdict:
    if number == 2 and "gradients" in found:  # whose periods are those of a longer run
        found = found | {"gradients": found["gradients"].assign(step=25 * found["gradients"]["step"])}
    return verdicts.judge(claims.load(f"normalization-{number}"), found, preset, seeds=len(SEEDS))


# --- as the papers have it


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 8, 9])
def test_it_holds_where_all_is_as_claimed(number: int) -> None:
    verdict = judge(number, tables())
    assert verdict.word == "holds", (verdict.note, verdict.parts)
    assert verdict.n == len(SEEDS)


def test_on_svhn_the_seventh_holds_and_elsewhere_it_is_not_run() -> None:
    assert judge(7, tables(SVHN)).word == "holds"
    assert judge(7, tables()).word == "not run"


@pytest.mark.parametrize("number", range(1, 10))
def test_without_runs_nothing_is_said(number: int) -> None:
    assert judge(number, {}).word == "not run"


@pytest.mark.parametrize(("number", "min_preset"), [(1, "laptop"), (2, "overnight"), (3, "laptop"), (4, "overnight"),
    (5, "laptop"), (6, "laptop"), (7, "laptop"), (8, "overnight"), (9, "laptop")])  # fmt: skip
def test_the_smallest_preset(number: int, min_preset: str) -> None:
    assert claims.load(f"normalization-{number}").min_preset == min_preset
    assert judge(number, tables(), "smoke").word == "not run"


# --- and otherwise


def exchanged(row: Row) -> Row:
    """The same settings under the other layer's name."""
    return row | {"norm": {"batch": "group", "group": "batch"}.get(row["norm"], row["norm"])}


@pytest.mark.parametrize("number", [1, 4, 8])
def test_it_does_not_hold_with_the_layers_exchanged(number: int) -> None:
    found = tables(
        accuracy=lambda row: accuracy(exchanged(row)),
        loss=lambda row, step: loss(exchanged(row), step),
        change=lambda row: change(exchanged(row)),
    )
    verdict = judge(number, found)
    assert verdict.word == "does not hold", verdict.parts


def test_each_part_of_the_first_can_fail() -> None:
    low = judge(1, tables(loss=lambda row, step: loss(row | {"norm": "batch"}, step)))
    narrow = judge(1, tables(change=lambda row: change(row | {"norm": "batch"})))
    assert low.parts["height of the loss band"].word == "does not hold"
    assert low.parts["width of the head-gradient band"].word == "holds"
    assert narrow.parts["width of the head-gradient band"].word == "does not hold"


def test_the_band_is_read_without_the_runs_under_noise_or_regularization() -> None:
    found = arms.bands(tables())
    assert set(found["learning_rate"]) == {1e-4, 2e-4, 3e-4, 4e-4, 5e-4}
    assert set(found["backbone"]) == {"vgg7"}
    assert set(found["norm"]) == {"batch", "group", "none"}


def test_help_that_lasts_fails_the_second() -> None:
    far = judge(2, tables(loss=lambda row, step: 2.5 if row["norm"] == "none" else 2.0))
    assert (far.parts["early"].word, far.parts["late"].word) == ("holds", "does not hold")


def test_a_delay_that_ends_within_the_run_fails_the_third() -> None:
    def late(row: Row, step: int) -> float:
        return loss(row, step) if step < 200 else 2.0

    verdict = judge(3, tables(loss=late))
    assert verdict.parts["group does not learn"].word == "does not hold"
    assert verdict.parts["batch does"].word == "holds"


def test_the_fifth_needs_every_batch_size() -> None:
    def worse_at_4(row: Row) -> float:
        return accuracy(row) - 9 * (row["norm"] == "group_plus" and row["batch_size"] == 4)

    verdict = judge(5, tables(accuracy=worse_at_4))
    assert set(verdict.parts) == {"batch of 4", "batch of 16", "batch of 256"}
    assert (verdict.word, verdict.parts["batch of 4"].word) == ("does not hold", "does not hold")


def test_the_sixth_notices_a_layer_that_should_not_depend_and_does() -> None:
    found = tables()
    found["batch_mates"].loc[found["batch_mates"]["norm"] == "batch", "change"] = 1e-6
    verdict = judge(6, found)
    assert (verdict.word, verdict.parts["GN and BN do not"].word) == ("does not hold", "does not hold")


def test_the_eighth_is_compared_both_ways() -> None:
    verdict = judge(8, tables())
    assert verdict.parts["equal images"].estimate == pytest.approx(18, abs=1)
    found = tables()["accuracy"]
    for equal, sizes in (("images", [4, 16, 256]), ("steps", [4, 256])):
        assert arms.batch_sizes({"accuracy": found}, equal) == sizes
    steps = found[found["key"].isin(arms.equal_keys({"accuracy": found}, "steps"))]
    assert len(steps) == 2 * 2 * len(SEEDS)
    assert len({e * (i // b) for e, i, b in steps[["epochs", "images", "batch_size"]].to_numpy()}) == 1


def test_the_ninth_needs_something_to_recover() -> None:
    def level(row: Row) -> float:
        return 52 if row["standardize"] else 50

    verdict = judge(9, tables(accuracy=level))
    assert verdict.word == "undecided"
    assert "cannot show it" in verdict.note


def test_the_ninth_allows_one_point() -> None:
    def a_little_less(row: Row) -> float:
        return 49.5 if row["standardize"] else accuracy(row)

    def less(row: Row) -> float:
        return 45 if row["standardize"] else accuracy(row)

    part = judge(9, tables(accuracy=a_little_less)).parts["GN and WS, batch of 16"]
    assert part.word in ("holds", "undecided")
    assert SMALLER in part.note or part.word == "undecided" or part.low is not None
    assert judge(9, tables(accuracy=less)).word == "does not hold"


def test_two_runs_of_one_seed_are_rejected() -> None:
    rows = pd.DataFrame({"seed": [0, 0], "key": ["a", "b"], "accuracy": [1.0, 2.0]})
    with pytest.raises(ValueError, match="two runs of one seed"):
        by_seed(rows, "accuracy")


def test_every_run_that_a_claim_names_is_one_of_the_studys() -> None:
    keys = {"floor", *(row["key"] for row in RUNS)}
    for number in (1, 3, 4, 5, 6, 8, 9):
        named = judge(number, tables()).keys
        assert named
        assert named <= keys


def test_the_planted_numbers_are_not_all_the_same() -> None:
    assert np.ptp([jitter(row) for row in RUNS]) > 0


# --- what raw pixels show


@pytest.mark.parametrize("number", [4, 5, 8, 9])
def test_layers_that_are_hardly_above_the_pixels_show_nothing(number: int) -> None:
    verdict = judge(number, tables(pixels=48.0))
    assert verdict.word == "undecided"
    assert "this scale cannot show it (" in verdict.note
    assert "raw pixels 48.0 %" in verdict.note


def test_on_svhn_too() -> None:
    assert judge(7, tables(SVHN)).word == "holds"
    assert judge(7, tables(SVHN, pixels=36.0)).word == "undecided"
