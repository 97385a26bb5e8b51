"""Every figure of chapter two on small tables: the lines that are there, and what is written beside them."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from anatomy.figures import center_residual
from anatomy.figures.drawn import tables_of


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def table(**columns) -> pd.DataFrame:
    return pd.DataFrame(columns).assign(low=0.1, high=0.9)


def lines(axis) -> dict[str, object]:
    return {line.get_label(): line for line in axis.lines if not line.get_label().startswith("_")}


def test_over_steps_gives_an_arm_the_same_look_in_every_panel() -> None:
    """The first arm has no second quantity; the second keeps its color there."""
    rows = table(
        quantity=["spread", "spread", "center"],
        arm=["naive", "SimSiam", "SimSiam"],
        step=[0, 0, 0],
        mean=[0.2, 0.8, 0.5],
    )
    figure = center_residual.over_steps(rows, {"spread": "spread", "center": "center"}, floor=0.25)
    left, right = figure.axes
    assert set(lines(left)) == {"naive", "SimSiam"}
    assert set(lines(right)) == {"SimSiam"}
    assert lines(left)["SimSiam"].get_color() == lines(right)["SimSiam"].get_color()
    floors = [line.get_ydata()[0] for axis in (left, right) for line in axis.lines if line.get_linestyle() == ":"]
    assert floors == [0.25]  # where the center is drawn, and nowhere else
    tables = tables_of(figure)
    assert {name: len(rows) for name, rows in tables.items()} == {"spread": 2, "center": 1}  # and no other quantity


def test_the_plane_shows_the_limits_of_the_rules() -> None:
    """The shaded corners are those of the claims' Threshold."""
    from anatomy.verdicts.criteria import Threshold

    rule = Threshold(collapsed=True)
    limits = (center_residual.GONE_SPREAD, center_residual.GONE_CENTER, center_residual.KEPT_SPREAD)
    assert limits == (rule.spread_below, rule.center_above, rule.spread_above)
    points = pd.DataFrame({"arm": ["a", "a", "b"], "spread": [0.1, 0.2, 0.9], "center": [1.0, 0.9, 0.1]})
    (axis,) = center_residual.plane(points).axes
    assert {label: len(line.get_xdata()) for label, line in lines(axis).items()} == {"a": 2, "b": 1}


def test_phases_are_named_where_they_are_whole() -> None:
    rows = table(arm="without", quantity=["center", "center", "residual"], step=[0, 5, 0], mean=[0.1, 0.9, 0.5])
    phases = pd.DataFrame({"objective": ["center", "residual"], "start": [0, 4], "end": [4, 6], "whole": [True, False]})
    (axis,) = center_residual.through_phases(rows, phases).axes
    assert [text.get_text() for text in axis.texts] == ["center", "$m_o$", "$m_r$"]  # the lines by their names too
    assert len(axis.patches) == 1  # every second phase is shaded
    assert axis.get_title() == "without"


def test_parts_of_info_nce() -> None:
    rows = table(arm=["$o_e$", "$r_e$", "$r_e$"], at=[0.1, 0.1, 1.0], mean=[0.5, 0.4, 0.04])
    left, right = center_residual.parts_of_info_nce(rows, rows[rows["arm"] == "$r_e$"]).axes
    assert set(lines(left)) == {"$o_e$", "$r_e$"}
    assert set(lines(right)) == {"$r_e$"}
    assert (left.get_yscale(), right.get_yscale()) == ("log", "linear")


def test_accuracy_and_its_absence() -> None:
    (axis,) = center_residual.accuracy(table(arm=["b", "a"], mean=[40.0, 51.0])).axes
    assert [label.get_text() for label in axis.get_yticklabels()] == ["a", "b"]
    bottom, top = axis.get_ylim()
    assert bottom > top  # so the first, the best, stands on top
    (axis,) = center_residual.accuracy(table(arm=[], mean=[])).axes
    assert [text.get_text() for text in axis.texts] == ["this preset measures no accuracy"]


def test_spectra() -> None:
    ranks = table(arm=["SimSiam", "SimSiam"], step=[10, 20], mean=[3.0, 5.0])
    along = table(arm=["gain", "root"], index=[1, 1], mean=[1.0, 0.9])
    left, right = center_residual.spectra(ranks, along).axes
    assert (set(lines(left)), set(lines(right))) == ({"SimSiam"}, {"gain", "root"})
    assert (left.get_xscale(), right.get_xscale()) == ("linear", "log")


def test_singular_values() -> None:
    rows = table(arm=["1 pass", "2 passes"], index=[1, 1], mean=[1.0, 1.0])
    left, right = center_residual.singular_values({"backbone": rows, "embedding": rows}).axes
    assert (left.get_title(), right.get_title()) == ("backbone", "embedding")
    assert set(lines(left)) == {"1 pass", "2 passes"}
    assert (left.get_xscale(), left.get_yscale()) == ("log", "log")
