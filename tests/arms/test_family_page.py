"""The arms that chapter five's page names, among those that its overnight study asks for."""

from functools import cache

import pandas as pd

from anatomy import studies
from anatomy.arms import family_page
from anatomy.runs.arm import runs_of
from anatomy.study.request import Request

SEEDS = (0, 1)


@cache
def tables() -> dict[str, pd.DataFrame]:
    """A row a run, of all arms; the accuracy is the arm's place."""
    base = Request.of("loss_family", preset="overnight").base
    rows = [
        {**run.flat(), "seed": run.seed, "key": run.key(""), "stage": "paper", "accuracy": float(place)}
        for place, arm in enumerate(studies.load("loss_family").arms(base, full=True))
        for run in runs_of([arm], SEEDS)
    ]
    return {"knn": pd.DataFrame(rows)}


def test_every_name_means_one_arm_of_its_own() -> None:
    """A misspelled setting would leave a row of a figure out, in silence."""
    arms = family_page.every(tables(), full=True)
    assert len(arms) == 5 + 5 + 2 + 2 + 5
    assert all(sorted(rows["seed"]) == list(SEEDS) for rows in arms.values())
    assert len({key for rows in arms.values() for key in rows["key"]}) == len(SEEDS) * len(arms)
    assert list(family_page.every(tables(), full=False)) == [*family_page.FOUR, "InfoNCE, oracle"]


def test_effects_are_against_info_nce_and_against_no_transform() -> None:
    pairs = family_page.effects(tables(), family_page.every(tables(), full=True), full=True)
    assert len(pairs) == 18 + 2
    assert all(len(one) == len(other) == len(SEEDS) for one, other in pairs.values())
    (plain,) = {tuple(other["key"]) for name, (_, other) in pairs.items() if name.startswith("MoCo")}
    assert set(tables()["knn"].set_index("key").loc[list(plain), "transform"]) == {"none"}


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
