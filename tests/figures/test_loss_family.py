"""What is drawn is what the tables say."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from anatomy.analysis.loss_forces import DRAWN
from anatomy.analysis.loss_forces import on_circle as forces
from anatomy.figures.loss_family import family_map, on_circle, sphere_paths, temperatures, weights


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_line_along_the_temperature_and_a_large_marker_at_the_base() -> None:
    table = pd.DataFrame(
        {"of": ["a", "a", "b"], "at": [0.5, 0.1, 0.1], "entropy": [0.9, 0.4, 0.6], "push_cv": [1, 2, 3]}
    )
    axis = family_map(table, {"a": 0.1, "b": 0.1}).axes[0]
    lines, dots = axis.lines[0::2], axis.lines[1::2]
    assert [list(line.get_xdata()) for line in lines] == [[2, 1], [3]]  # from the low temperature to the high one
    assert [list(line.get_ydata()) for line in lines] == [[0.4, 0.9], [0.6]]
    assert [(list(dot.get_xdata()), dot.get_label()) for dot in dots] == [([2], "a"), ([3], "b")]


def test_a_panel_for_each_way_to_look() -> None:
    curve = pd.DataFrame({"of": ["a", "a"], "at": [1.0, 5.0], "value": [2.0, -1.0]})
    figure = weights({"rank": curve, "positive": curve})
    left, right = figure.axes
    assert (left.get_xscale(), right.get_xscale(), left.get_yscale(), right.get_yscale()) == (
        "log", "linear", "symlog", "linear",
    )  # fmt: skip
    assert [list(axis.lines[0].get_ydata()) for axis in figure.axes] == [[2, -1], [2, -1]]
    assert right.get_xlabel() == "similarity of a positive"


def test_bars_go_up_where_the_anchor_is_drawn_nearer() -> None:
    table = forces(0.3)
    axes = on_circle(table).axes
    assert [axis.get_title() for axis in axes[: len(DRAWN)]] == list(DRAWN)
    heights = [bar.get_height() for bar in axes[0].patches]
    rows = table[table["loss"] == "InfoNCE"]["share"].tolist()
    assert heights == pytest.approx([rows[0], *(-share for share in rows[1:])])
    assert heights[0] > 0 > heights[1]
    assert [label.get_text() for label in axes[0].get_xticklabels()] == ["50°", "150°", "20°", "270°"]


def test_a_path_goes_from_the_first_step_to_the_marked_last() -> None:
    table = pd.DataFrame(
        {"arm": ["a", "a", "b"], "step": [10, 0, 0], "uniformity": [-2.0, 0.0, -1.0], "alignment": [0.3, 0.1, 0.5]}
    )
    (axis,) = sphere_paths(table).axes
    lines, ends = axis.lines[0::2], axis.lines[1::2]
    assert [list(line.get_xdata()) for line in lines] == [[0, -2], [-1]]
    assert [list(line.get_ydata()) for line in lines] == [[0.1, 0.3], [0.5]]
    assert [(list(end.get_xdata()), end.get_label()) for end in ends] == [([-2], "a"), ([-1], "b")]


def test_temperatures_are_drawn_in_logarithms() -> None:
    table = pd.DataFrame({"arm": ["a", "a", "b"], "step": [0, 10, 0], "mean": [0.1, 1e-5, 2.0], "low": 0.0, "high": 0.0,
                          "by_seed": [(0.1,), (1e-5,), (2.0,)]})  # fmt: skip
    (axis,) = temperatures(table).axes
    assert axis.get_yscale() == "log"
    assert [(line.get_label(), list(line.get_ydata())) for line in axis.lines] == [("a", [0.1, 1e-5]), ("b", [2.0])]
