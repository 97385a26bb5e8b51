"""What is drawn is what the table says, in its order."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from anatomy.figures.arms import accuracy, accuracy_curves, forest


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


TABLE = pd.DataFrame({"arm": ["z", "a"], "mean": [2.0, 5.0], "low": [1.0, 4.5], "high": [3.0, 5.5]})


def test_a_row_an_entry_the_first_on_top() -> None:
    axis = forest({"points": TABLE}, "arm").axes[0]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["z", "a"]
    bottom, top = axis.get_ylim()
    assert bottom > top
    bars, means = axis.lines[0::3], axis.lines[1::3]
    assert [list(bar.get_xdata()) for bar in bars] == [[1, 3], [4.5, 5.5]]
    assert [(float(mean.get_xdata()[0]), int(mean.get_ydata()[0])) for mean in means] == [(2, 0), (5, 1)]


def test_a_band_around_zero_only_for_differences() -> None:
    assert len(forest({"points": TABLE}, "arm").axes[0].patches) == 0
    (band,) = forest({"points": TABLE}, "arm", band=1.5).axes[0].patches
    assert band.get_extents().width > 0
    assert [band.get_x(), band.get_x() + band.get_width()] == [-1.5, 1.5]


def test_curves_in_the_order_of_their_setting() -> None:
    table = pd.DataFrame({"arm": "one", "x": [64, 4], "mean": [2.0, 1.0], "low": [1.0, 0.5], "high": [3.0, 1.5]})
    axis = accuracy_curves({"keys": table}).axes[0]
    assert list(axis.lines[0].get_xdata()) == [4, 64]
    assert list(axis.lines[0].get_ydata()) == [1, 2]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["4", "64"]
    assert axis.get_xlabel() == "keys"


LEVELS = {"raw pixels": 1.5, "untrained network": 0.5}
BELOW = pd.DataFrame({"label": [*LEVELS], "accuracy": [*LEVELS.values()]})


def lines_of(axis: plt.Axes) -> dict[str, float]:
    """Straight lines with a name: where they stand."""
    named = [line for line in axis.lines if line.get_label() in LEVELS]
    return {
        str(line.get_label()): float(line.get_xdata()[0] if across(line) else line.get_ydata()[0]) for line in named
    }


def across(line: plt.Line2D) -> bool:
    return len(set(line.get_xdata())) == 1


def test_lines_at_what_accuracies_are_held_against() -> None:
    figure = forest({"points": TABLE, "more": TABLE}, "arm", below={"more": BELOW})
    assert [lines_of(axis) for axis in figure.axes] == [{}, LEVELS]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == list(LEVELS)
    assert lines_of(accuracy(TABLE.assign(batch_size=4), BELOW).axes[0]) == LEVELS
    table = pd.DataFrame({"arm": "one", "x": [64, 4], "mean": [2.0, 1.0], "low": [1.0, 0.5], "high": [3.0, 1.5]})
    figure = accuracy_curves({"keys": table}, BELOW)
    assert lines_of(figure.axes[0]) == LEVELS
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["one", *LEVELS]


def test_no_line_and_no_legend_where_nothing_was_measured() -> None:
    figure = forest({"points": TABLE}, "arm")
    assert (lines_of(figure.axes[0]), figure.legends) == ({}, [])
