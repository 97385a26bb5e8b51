"""The ladder's figure: what is drawn is what the tables say, and the same twice."""

import io

import pandas as pd
import pytest
from matplotlib import pyplot as plt

from anatomy.figures.ladder import effect_over_passes

RUNGS = (2, 6, 18)
NAMES = ("first", "second", "third", "fourth")


def tables(names: tuple[str, ...] = NAMES) -> tuple[pd.DataFrame, pd.DataFrame]:
    seeds = [(name, "points", e, s, e / 10 + s) for name in names for e in RUNGS for s in (0, 1)]
    points = pd.DataFrame(seeds, columns=["contrast", "unit", "epochs", "seed", "effect"])
    rows = [(name, "points", e, e / 10 + 0.5, e / 10 - 1, e / 10 + 2) for name in names for e in reversed(RUNGS)]
    return points, pd.DataFrame(rows, columns=["contrast", "unit", "epochs", "mean", "low", "high"])


def test_a_panel_a_contrast_with_its_seeds_and_its_means() -> None:
    figure = effect_over_passes(*tables(("first", "second")))
    assert [axis.get_title() for axis in figure.axes] == ["first", "second"]
    axis = figure.axes[0]
    zero, dots, line = axis.lines[:3]
    assert list(zero.get_ydata()) == [0, 0]
    assert list(dots.get_xdata()) == [2, 2, 6, 6, 18, 18]
    assert dots.get_ydata() == pytest.approx([0.2, 1.2, 0.6, 1.6, 1.8, 2.8])
    assert list(line.get_xdata()) == [2, 6, 18]
    assert line.get_ydata() == pytest.approx([0.7, 1.1, 2.3])
    assert axis.get_xscale() == "log"
    assert [label.get_text() for label in axis.get_xticklabels()] == ["2", "6", "18"]
    (bars,) = axis.containers
    segments = bars.lines[2][0].get_segments()
    assert [segment[:, 1].tolist() for segment in segments] == [pytest.approx([e / 10 - 1, e / 10 + 2]) for e in RUNGS]
    plt.close(figure)


def test_four_panels_stand_in_two_rows() -> None:
    figure = effect_over_passes(*tables())
    assert [axis.get_title() for axis in figure.axes] == list(NAMES)
    plt.close(figure)
    five = effect_over_passes(*tables((*NAMES, "fifth")))
    assert [axis.axison for axis in five.axes] == [True] * 5 + [False]
    plt.close(five)


def test_what_the_paper_states_is_a_tick_of_its_own_panel() -> None:
    figure = effect_over_passes(*tables(("first", "second")), {"second": 5.07})
    marked = [[text.get_text() for text in axis.texts] for axis in figure.axes]
    assert marked == [[], ["stated"]]
    assert list(figure.axes[1].lines[-1].get_ydata()) == [5.07, 5.07]
    plt.close(figure)


def test_it_is_drawn_twice_alike() -> None:
    def drawn() -> bytes:
        figure, file = effect_over_passes(*tables(), {"first": 1.0}), io.BytesIO()
        figure.savefig(file, format="png")
        plt.close(figure)
        return file.getvalue()

    assert drawn() == drawn()
