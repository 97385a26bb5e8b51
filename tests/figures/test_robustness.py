"""What is drawn is what the tables say."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from anatomy.analysis.attack_plane import plane
from anatomy.figures.robustness import planes, ranks, training


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_two_ways_in_each_plane() -> None:
    drawn = {"straight": plane(0.0), "bent": plane(2.0)}
    axes = planes(drawn).axes
    assert [axis.get_title() for axis in axes] == ["straight", "bent"]
    for axis, shown in zip(axes, drawn.values(), strict=True):
        assert [line.get_xydata().tolist() for line in axis.lines] == [way.tolist() for way in shown.ways.values()]


def test_a_line_an_arm_in_each_panel() -> None:
    table = pd.DataFrame({"arm": ["a", "a", "b"], "step": [20, 0, 0], "mean": [2.0, 1.0, 3.0], "low": 0.0, "high": 4.0})
    figure = training({"pgd": table, "alignment": table})
    for axis, label in zip(figure.axes, ("accuracy under PGD, %", "gradient alignment"), strict=True):
        assert axis.get_ylabel() == label
        assert [(list(line.get_xdata()), list(line.get_ydata())) for line in axis.lines] == [
            ([0, 20], [1, 2]),
            ([0], [3]),
        ]


def test_ranks_over_steps() -> None:
    rows = {"objective": ["CE", "CE", "RCE"], "steps": [20, 1, 1], "mean": [4.0, 2.0, 3.0]}
    table = pd.DataFrame(rows).assign(what="place", low=1.0, high=9.0)
    (axis,) = ranks(table).axes
    assert [(line.get_label(), list(line.get_xdata()), list(line.get_ydata())) for line in axis.lines] == [
        ("CE", [1, 20], [2, 4]), ("RCE", [1], [3]),
    ]  # fmt: skip
    assert axis.get_xscale() == "log"
