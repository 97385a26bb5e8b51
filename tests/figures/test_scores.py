"""The figures of scores draw what the tables say: lines, order, styles; nothing is computed."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from anatomy.figures import scores


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def curve_table(name: str, entries: list, **more) -> pd.DataFrame:
    rows = [{name: e, "step": s, "mean": 0.1 * i + s / 100} for i, e in enumerate(entries) for s in (0, 10, 20)]
    table = pd.DataFrame(rows).assign(**more)
    return table.assign(low=table["mean"] - 0.05, high=table["mean"] + 0.05)


def test_a_panel_a_table_and_a_line_an_entry() -> None:
    tables = {"one": curve_table("arm", ["a", "b"]), "two": curve_table("arm", ["b", "c"])}
    figure = scores.curves(tables, "arm", "which")
    for axis, (label, table) in zip(figure.axes, tables.items(), strict=True):
        assert axis.get_ylabel() == label
        assert [line.get_label() for line in axis.lines] == list(table["arm"].unique())
        assert len({line.get_linestyle() for line in axis.lines}) == 2  # told apart without color
        for line, (_, rows) in zip(axis.lines, table.groupby("arm"), strict=True):
            assert line.get_ydata().tolist() == rows["mean"].tolist()
    (legend,) = figure.legends
    assert legend.get_title().get_text() == "which"
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b", "c"]


def test_the_waterfall_has_a_ridge_a_momentum_the_smallest_in_front() -> None:
    (axis,) = scores.waterfall(curve_table("momentum", [0.9, 0.99, 1.0])).axes
    assert [text.get_text() for text in axis.texts] == ["$m$ = 1", "$m$ = 0.99", "$m$ = 0.9"]
    front = max(axis.lines, key=lambda line: line.get_zorder())
    assert front.get_ydata().tolist() == pytest.approx([0, 0.1, 0.2])  # not moved


def test_histograms_stand_on_their_bins() -> None:
    middles = np.array([-0.75, -0.25, 0.25, 0.75])
    kinds = {kind: [0.1, 0.2, 0.3, 0.4] for kind in scores.KINDS}
    table = pd.concat([pd.DataFrame({"step": s, "score": middles, **kinds}) for s in (0, 30)])
    figure = scores.histograms(table)
    assert [axis.get_title() for axis in figure.axes] == ["step 0", "step 30"]
    for axis in figure.axes:
        drawn = {patch.get_label(): patch for patch in axis.patches}
        assert set(drawn) == {"positives", "negatives", "false negatives"}
        for patch in drawn.values():
            assert patch.get_data().edges.tolist() == pytest.approx([-1, -0.5, 0, 0.5, 1])
            assert patch.get_data().values.tolist() == [0.1, 0.2, 0.3, 0.4]
        assert not drawn["false negatives"].get_fill()


def test_unmixed_scores_are_dashed_and_positives_have_one_color() -> None:
    lines = ["positives, mixed", "positives, unmixed", "negatives, mixed", "negatives, unmixed"]
    arms = ["a", "b", "c", "d"]
    figure = scores.mixed(pd.concat([curve_table("line", lines, arm=arm) for arm in arms]), arms)
    assert [axis.get_title() for axis in figure.axes] == arms
    for axis in figure.axes:
        styles = {line.get_label(): (line.get_color(), line.get_linestyle()) for line in axis.lines}
        assert {label for label, (_, style) in styles.items() if style == "--"} == {lines[1], lines[3]}
        assert styles[lines[0]][0] == styles[lines[1]][0] != styles[lines[2]][0] == styles[lines[3]][0]


def test_the_distance_is_drawn_from_the_table() -> None:
    table = pd.DataFrame({"share": [0.0, 1.0, 2.0], "c": [1, 1, 5], "raw": [0.8, 0.8, 0], "renormalized": [0.8] * 3})
    left, right = scores.distance(table, 0.8).axes
    assert left.lines[0].get_ydata().tolist() == [1, 1, 5]
    assert right.lines[0].get_ydata().tolist() == [0.8, 0.8, 0]
