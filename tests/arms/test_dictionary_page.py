"""The arms that chapter one's page names, in the archived runs, which have nearly all of them."""

import pandas as pd
import pytest

from anatomy.analysis.paired import differences
from anatomy.arms import dictionary_page
from anatomy.figures.arms import accuracy_curves
from anatomy.study.study import Study

SEEDS = {0, 1, 2}
LATER = "old keys from the second pass on, 1,024 of them"  # of which no run is archived


@pytest.fixture(scope="module")
def study() -> Study:
    found = Study("dictionary_size", preset="smoke").as_archived()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def tables(study: Study) -> dict[str, pd.DataFrame]:
    return study.tables


def test_every_way_and_every_change_was_run_once_a_seed(tables) -> None:
    """A misspelled setting would leave a row of a figure out, in silence."""
    pairs = dictionary_page.changes(tables)
    assert len(pairs.pop(LATER)[0]) == 0
    arms = [*dictionary_page.ways(tables).values(), *(rows for pair in pairs.values() for rows in pair)]
    assert len(arms) == 9 + 2 * 14
    assert all(sorted(rows["seed"]) == list(SEEDS) for rows in arms)


def test_a_change_is_one_change(tables) -> None:
    """Between the two arms of a pair one setting differs, or the loss with its own settings."""
    own = ["key", "accuracy", "seconds", "stage", "seed", "temperature", "temperature_intra", "temperature_inter"]
    for name, (with_it, without) in dictionary_page.changes(tables).items():
        if name == LATER:
            continue
        one, other = (
            rows.sort_values("seed").drop(columns=own, errors="ignore").iloc[0] for rows in (with_it, without)
        )
        changed = {column for column in one.index if str(one[column]) != str(other[column])}
        assert changed, name
        assert len(changed - {"loss"}) <= 2, name  # two dictionaries: the size of each


def test_curves_have_a_point_for_each_setting(tables) -> None:
    for table, xs in ((dictionary_page.over_queue(tables), 3), (dictionary_page.over_temperature(tables), 4)):
        assert table.groupby("arm")["x"].nunique().tolist() == [xs, xs]
        assert (table["n"] == 3).all()


def test_two_arms_are_those_of_one_page(tables) -> None:
    rows = dictionary_page.two_arms(tables, "knn", 0.1)
    assert set(rows["arm"]) == {"one temperature", "two temperatures"}
    assert rows["key"].is_unique
    assert set(rows["method"]) == {"simco"}
    assert len(dictionary_page.two_arms(tables, "knn", 0.3)) == 0


def test_the_difference_of_an_arm_with_itself_is_none(tables) -> None:
    rows = dictionary_page.ways(tables)["MoCo v2"]
    assert differences({"same": (rows, rows)})["mean"].tolist() == [0]


def test_settings_of_ours_are_those_of_the_run(study: Study) -> None:
    ours = study.paper[0].flat()
    table = dictionary_page.settings(ours, seeds=3)
    assert (table.loc["epochs", "ours"], table.loc["pixels", "ours"], table.loc["seeds", "ours"]) == (3, 16, 3)
    assert set(table["paper"]) == {"not seen"}


def test_before_every_arm_is_published_less_is_drawn_and_nothing_fails() -> None:
    """The tables of a preset that has SimCo alone have no column of a queue."""
    few = Study("dictionary_size", preset="laptop", records="use").tables
    assert {name for name, rows in dictionary_page.ways(few).items() if len(rows)} == set()
    assert list(differences(dictionary_page.changes(few))["comparison"]) == ["second temperature: SimCo, batch 32"]
    curves = {"queue": dictionary_page.over_queue(few), "temperature": dictionary_page.over_temperature(few)}
    assert [len(table) for table in curves.values()] == [0, 0]
    figure = accuracy_curves(curves)
    assert [axis.get_legend() for axis in figure.axes] == [None, None]
