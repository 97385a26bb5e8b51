"""What is drawn is what the table says, in its order."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from anatomy.figures.arms import accuracy_curves, forest


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
    bars, means = axis.lines[0::2], axis.lines[1::2]
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
