"""The arms that chapter five's page names, among those that its overnight study asks for."""

from collections.abc import Iterable
from functools import cache
from itertools import chain

import pandas as pd
import pytest

from anatomy import studies
from anatomy.analysis import paired
from anatomy.arms import family_page
from anatomy.runs.arm import runs_of
from anatomy.study.request import Request

SEEDS = (0, 1)


@cache
def tables(preset: str = "overnight") -> dict[str, pd.DataFrame]:
    """A row a run, of all arms that have an accuracy: their place."""
    base = Request.of("loss_family", preset=preset).base
    rows = [
        {**run.flat(), "seed": run.seed, "key": run.key(""), "stage": "paper", "accuracy": float(place)}
        for place, arm in enumerate(studies.load("loss_family").arms(base, full=True))
        for run in runs_of([arm], SEEDS)
        if any(measure.name == "knn" for measure in run.measures)
    ]
    return {"knn": pd.DataFrame(rows)}


def keys(rows: Iterable[pd.DataFrame]) -> set[str]:
    return {key for frame in rows for key in frame["key"]}


@pytest.mark.parametrize("preset", ["overnight", "gpu"])
def test_every_arm_of_a_full_study_is_drawn(preset: str) -> None:
    """Those too that a claim reads: a verdict whose arm stands in no figure cannot be looked at."""
    of = tables(preset)
    arms = family_page.every(of, full=True)
    pairs = family_page.effects(of, arms, full=True) | family_page.gaps(of)
    shown = keys(arms.values()) | keys(chain(*pairs.values())) | keys(family_page.thinned(of).values())
    lacking = of["knn"][~of["knn"]["key"].isin(shown)]
    assert lacking[["method", "loss", "epochs", "backbone", "tau_plus", "smooth"]].to_dict("records") == []


def test_every_name_means_one_arm_of_its_own() -> None:
    """A misspelled setting would leave a row of a figure out, in silence."""
    arms = family_page.every(tables(), full=True)
    assert len(arms) == 5 + 18 + 1
    assert all(sorted(rows["seed"]) == list(SEEDS) for rows in arms.values())
    assert len(keys(arms.values())) == len(SEEDS) * len(arms)
    assert list(family_page.every(tables(), full=False)) == [*family_page.FOUR, "InfoNCE, oracle"]


def test_what_sets_an_arm_apart() -> None:
    arms = family_page.every(tables(), full=True)
    alone = {
        "hard negatives": ("hard negatives, debiased", "tau_plus"),
        "InfoNCE, positive made, not smoothed": ("InfoNCE, positive made", "smooth"),
        "CACR, 2.5 times the passes": ("CACR", "epochs"),
    }
    for name, (other, column) in alone.items():
        one, plain = (arms[arm].drop(columns=["key", "accuracy"]) for arm in (name, other))
        differ = [at for at in one if list(one[at].dropna()) != list(plain[at].dropna())]
        assert differ == [column], name


def test_effects_are_against_info_nce_and_against_no_transform() -> None:
    arms = family_page.every(tables(), full=True)
    pairs = family_page.effects(tables(), arms, full=True)
    assert len(pairs) == 21 + 1 + 2
    assert all(len(one) == len(other) == len(SEEDS) for one, other in pairs.values())
    (plain,) = {tuple(other["key"]) for name, (_, other) in pairs.items() if name.startswith("MoCo")}
    assert set(tables()["knn"].set_index("key").loc[list(plain), "transform"]) == {"none"}
    for name, (one, other) in pairs.items():
        if name.endswith(" minus InfoNCE"):
            arm = name.removesuffix(" minus InfoNCE").removesuffix(", 2.5 times the passes,")
            assert (set(one["key"]), set(other["key"])) == (set(arms[arm]["key"]), set(arms["InfoNCE"]["key"]))


def test_a_transform_is_the_first_of_its_pair() -> None:
    pairs = family_page.effects(tables(), family_page.every(tables(), full=True), full=True)
    moved = {name: (set(one["transform"]), set(other["transform"])) for name, (one, other) in pairs.items()}
    assert moved["MoCo v2, positive on the sphere minus its own"] == ({"sphere_positives"}, {"none"})
    assert moved["MoCo v2, cluster means minus keys"] == ({"cluster_means"}, {"none"})


def test_a_pair_of_unequal_passes_says_so() -> None:
    """A pass of multi-view is of five views, of any other of two."""
    pairs = family_page.effects(tables(), family_page.every(tables(), full=True), full=True)
    for name, pair in pairs.items():
        views = [(rows["epochs"] * (1 + rows["positives"].fillna(1))).tolist() for rows in pair]
        factor = views[0][0] / views[1][0]
        assert views[0] == [factor * count for count in views[1]]
        assert (f", {factor:g} times the passes, minus" in name) == (factor != 1), name
    one, other = pairs["CACR, four positives minus one, equal passes"]
    assert (set(one["method"]), set(other["method"])) == ({"multi_view"}, {"simco"})


def test_a_study_that_has_begun_draws_what_it_has() -> None:
    """An option that no run has as yet, as those of the Hallucinator, is no error: its arm has no rows."""
    rows = tables()["knn"]
    begun = {"knn": rows[rows["method"] == "simco"].dropna(axis=1, how="all")}
    assert "smooth" not in begun["knn"]
    arms = family_page.every(begun, full=True)
    assert not keys(arms[name] for name in ("InfoNCE, positive made, not smoothed", "AMCL", "MoCo v2"))
    some = {name for name, found in arms.items() if len(found)} - {"InfoNCE", family_page.LONGER}
    shown = paired.differences(family_page.effects(begun, arms, full=True))
    assert set(shown["comparison"]) == {f"{name} minus InfoNCE" for name in some}


def test_gaps_at_six_points() -> None:
    pairs = family_page.gaps(tables())
    assert len(pairs) == 6
    for name, (dcl, nce) in pairs.items():
        assert (set(dcl["loss"]), set(nce["loss"])) == ({"decoupled"}, {"info_nce"})
        assert {*dcl["batch_size"], *nce["batch_size"]} == {int(name.split()[2].rstrip(","))}
        assert {*dcl["temperature"], *nce["temperature"]} == {float(name.split()[-1])}
        assert len(dcl) == len(nce) == len(SEEDS)


def test_thinned_by_class_and_by_chance() -> None:
    arms = family_page.thinned(tables())
    said = {name: (set(rows["loss"]), set(rows["imbalance_by"]), len(rows)) for name, rows in arms.items()}
    assert said == {
        "InfoNCE, classes 10 to 1": ({"info_nce"}, {"class"}, 2),
        "CACR, classes 10 to 1": ({"cacr"}, {"class"}, 2),
        "InfoNCE, as many of all classes": ({"info_nce"}, {"chance"}, 2),
        "CACR, as many of all classes": ({"cacr"}, {"chance"}, 2),
    }


def test_rows_of_another_table_are_those_of_the_arms_runs() -> None:
    other = pd.DataFrame({"key": ["a", "b", "c"], "rank": [1.0, 2.0, 3.0]})
    arms = {"x": pd.DataFrame({"key": ["c", "a"]}), "y": pd.DataFrame({"key": ["d"]})}
    found = family_page.measured(other, arms)
    assert list(found) == ["x"]
    assert found["x"]["rank"].tolist() == [1.0, 3.0]
