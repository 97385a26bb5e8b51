"""What is drawn is what the table says, and a layer looks the same wherever it stands."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from anatomy.figures import norm_layers
from anatomy.figures.looks import own


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def rows(**columns) -> pd.DataFrame:
    """GN before BN, two points each."""
    return pd.DataFrame({"layer": ["GN", "GN", "BN", "BN"], **columns})


STEPS = {"step": [0, 10] * 2}
MEANS = {"mean": [4.0, 3.0, 2.0, 1.0], "low": [3.5, 2.5, 1.5, 0.5], "high": [4.5, 3.5, 2.5, 1.5]}
BAND = rows(**STEPS, low=MEANS["low"], high=MEANS["high"])


def test_bands_have_both_edges_of_every_layer() -> None:
    loss, change = norm_layers.bands(BAND, BAND).axes
    for axis in (loss, change):
        assert [list(line.get_ydata()) for line in axis.lines] == [[2.5, 1.5], [1.5, 0.5], [4.5, 3.5], [3.5, 2.5]]
    assert [text.get_text() for text in loss.texts] == ["BN", "GN"]  # each beside its line


def test_smoothness_has_a_line_a_layer_on_either_side() -> None:
    figure = norm_layers.smoothness(rows(**STEPS, **MEANS), rows(**STEPS, **MEANS))
    assert [[line.get_label() for line in axis.lines] for axis in figure.axes] == [["BN", "GN"]] * 2
    assert [axis.get_yscale() for axis in figure.axes] == ["log", "log"]


def test_the_ratio_stands_on_its_band() -> None:
    axis = norm_layers.ratio(
        pd.DataFrame({"step": [0, 10], "mean": [1.2, 1.0], "low": [1.1, 0.9], "high": [1.3, 1.1]}), 0.1
    ).axes[0]
    (shaded,) = axis.patches
    assert [shaded.get_y(), shaded.get_y() + shaded.get_height()] == pytest.approx([1 / 1.1, 1.1])
    assert list(axis.lines[-1].get_ydata()) == [1.2, 1.0]


def test_noise_and_its_quarter_look_different() -> None:
    arms = ["GN with noise"] * 2 + ["GN with a quarter of it"] * 2
    axis = norm_layers.noise(pd.DataFrame({"arm": arms, **STEPS, **MEANS}), chance=2.3).axes[0]
    chance, full, quarter = axis.lines
    assert list(chance.get_ydata()) == [2.3, 2.3]
    assert full.get_color() == quarter.get_color()
    assert full.get_linestyle() != quarter.get_linestyle()


def test_a_sweep_has_a_panel_a_table_and_its_batch_sizes() -> None:
    table = rows(batch_size=[256, 4] * 2, **MEANS)
    figure = norm_layers.sweep({"equal images": table, "equal steps": table})
    for axis, title in zip(figure.axes, ("equal images", "equal steps"), strict=True):
        assert axis.get_title() == title
        assert [label.get_text() for label in axis.get_xticklabels()] == ["4", "256"]
        assert list(axis.lines[1].get_ydata()) == [3.0, 4.0]  # GN, the small batch first


def test_costs_are_bars_in_the_books_order() -> None:
    axis = norm_layers.costs(
        pd.DataFrame({"layer": ["GN", "BN"], "mean": [4.0, 2.0], "low": [3, 1], "high": [5, 3]})
    ).axes[0]
    assert [bar.get_width() for bar in axis.patches] == [2.0, 4.0]
    assert [text.get_text().strip() for text in axis.texts] == ["BN", "GN"]


def test_a_layer_keeps_its_color() -> None:
    colors = {layer: own(layer) for layer in norm_layers.ORDER}
    assert len(set(colors.values())) == len(colors)
    assert None not in colors.values()
    axis = norm_layers.bands(BAND, BAND).axes[0]
    assert axis.lines[0].get_color() == colors["BN"]
