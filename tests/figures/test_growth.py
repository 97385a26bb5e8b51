"""Cost over the size of the work: the lines have the numbers that were given."""

import pandas as pd
from matplotlib.figure import Figure

from anatomy.figures.growth import cost_over_work

COLUMNS = ["what", "x", "y", "processor", "at", "cost"]
POINTS = [
    ("a loss", "keys", "CPU seconds", "epyc", 10, 1.0),
    ("a loss", "keys", "CPU seconds", "epyc", 100, 12.0),
    ("a loss", "keys", "CPU seconds", "xeon", 10, 0.5),
    ("a step", "images", "CPU seconds", "epyc", 32, 2.0),
]


def drawn() -> Figure:
    return cost_over_work(pd.DataFrame(POINTS, columns=COLUMNS))


def test_each_cost_has_a_panel_and_each_processor_a_line() -> None:
    loss, step = drawn().axes
    assert [axis.get_title() for axis in (loss, step)] == ["a loss", "a step"]
    lines = {line.get_label(): [list(data) for data in line.get_data()] for line in loss.lines}
    assert lines == {"epyc": [[10, 100], [1.0, 12.0]], "xeon": [[10], [0.5]]}
    assert [list(data) for data in step.lines[0].get_data()] == [[32], [2.0]]


def test_both_axes_are_logarithmic_and_named() -> None:
    for axis, x in zip(drawn().axes, ("keys", "images"), strict=True):
        assert (axis.get_xscale(), axis.get_yscale()) == ("log", "log")
        assert (axis.get_xlabel(), axis.get_ylabel()) == (x, "CPU seconds")


def test_a_processor_has_one_color_in_all_panels() -> None:
    loss, step = drawn().axes
    assert step.lines[0].get_color() == loss.lines[0].get_color() != loss.lines[1].get_color()
