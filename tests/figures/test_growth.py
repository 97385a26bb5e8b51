"""Cost over the size of the work: the lines have the numbers that were given."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from anatomy.figures.growth import cost_over_work
from anatomy.figures.sheet import SHEETS, Sheet, drawn_on

COLUMNS = ["what", "x", "y", "processor", "at", "cost", "slope"]
POINTS = [
    ("a loss", "keys", "CPU seconds", "epyc", 10, 1.0, 1.08),
    ("a loss", "keys", "CPU seconds", "epyc", 100, 12.0, 1.08),
    ("a loss", "keys", "CPU seconds", "xeon", 10, 0.5, 0.0),
    ("a step", "images", "CPU seconds", "epyc", 32, 2.0, 0.0),
]


def drawn() -> Figure:
    return cost_over_work(pd.DataFrame(POINTS, columns=COLUMNS))


def test_each_cost_has_a_panel_and_each_processor_a_line() -> None:
    loss, step = drawn().axes
    assert [axis.get_title() for axis in (loss, step)] == ["a loss", "a step"]
    lines = {line.get_label(): [list(data) for data in line.get_data()] for line in loss.lines}
    assert lines == {"epyc": [[10, 100], [1.0, 12.0]], "xeon": [[10], [0.5]]}
    assert [list(data) for data in step.lines[0].get_data()] == [[32], [2.0]]
    assert [text.get_text() for text in loss.texts] == ["slope 1.08", "slope 0.00"]


@pytest.mark.parametrize("sheet", SHEETS)
def test_titles_of_neighbors_do_not_meet(sheet: Sheet) -> None:
    points = pd.DataFrame(POINTS, columns=COLUMNS).replace(
        "a loss", "InfoNCE of 256 anchors, over a long queue of keys"
    )
    points = points.replace("a step", "judging and rendering the claims of a whole chapter")
    with drawn_on(sheet):
        figure = cost_over_work(points)
    figure.canvas.draw()
    titles = [axis.title.get_window_extent() for axis in figure.axes if axis.axison]
    assert len(titles) == 2
    assert not titles[0].overlaps(titles[1])
    assert all(0 <= title.x0 and title.x1 <= figure.bbox.width for title in titles)


def test_both_axes_are_logarithmic_and_named() -> None:
    for axis, x in zip(drawn().axes, ("keys", "images"), strict=True):
        assert (axis.get_xscale(), axis.get_yscale()) == ("log", "log")
        assert (axis.get_xlabel(), axis.get_ylabel()) == (x, "CPU seconds")


def test_a_processor_has_one_color_in_all_panels() -> None:
    loss, step = drawn().axes
    assert step.lines[0].get_color() == loss.lines[0].get_color() != loss.lines[1].get_color()
