"""Arms of a study side by side: what they learn to see alike, and what a classifier makes of it."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from pandas import DataFrame

from anatomy.figures import MARKERS, NONE, Levels, curve, floors, legend_below, panels


def similarity_training(positive: DataFrame, negative: DataFrame) -> Figure:
    """Mean similarity of positives (solid) and negatives (dashed) over the steps. Columns: arm, batch_size, step, mean,
    low, high."""
    sizes = sorted(positive["batch_size"].unique())
    figure, axes = panels(len(sizes), sharey=True)
    for axis, size in zip(axes, sizes, strict=True):
        for color, (arm, rows) in enumerate(positive[positive["batch_size"] == size].groupby("arm")):
            others = negative[(negative["batch_size"] == size) & (negative["arm"] == arm)]
            curve(axis, rows, "step", f"{arm}: positives", color=f"C{color}")
            curve(axis, others, "step", f"{arm}: negatives", color=f"C{color}", linestyle="--")
        axis.set(title=f"{size} images a step", xlabel="step")
    axes[0].set(ylabel="mean similarity", ylim=(-0.1, 1))
    axes[0].legend(frameon=False, fontsize="small")
    return figure


def accuracy(table: DataFrame, points: DataFrame, below: Levels = NONE) -> Figure:
    """kNN accuracy of each arm, its interval, and every seed as a dot; a line for each of `below`. Columns: arm,
    batch_size, mean, low, high; arm, batch_size, accuracy."""
    rows = table.sort_values(["batch_size", "arm"]).reset_index(drop=True)
    figure, (axis,) = panels(1)
    for place, row in enumerate(rows.to_dict("records")):
        dots = points[(points["arm"] == row["arm"]) & (points["batch_size"] == row["batch_size"])]["accuracy"]
        axis.plot(dots, [place] * len(dots), "o", color="0.6", markersize=4)
    _intervals(axis, rows)
    axis.set_yticks(range(len(rows)), [f"{arm}, {size} a step" for arm, size in rows[["arm", "batch_size"]].to_numpy()])
    axis.set(xlabel="kNN accuracy on unseen images, %", ylim=(-0.6, len(rows) - 0.4))
    floors(axis, below)
    legend_below(figure)
    return figure


def forest(
    tables: Mapping[str, DataFrame],
    name: str,
    *,
    band: float | None = None,
    below: Mapping[str, Levels] | None = None,
) -> Figure:
    """Means and intervals, one row an entry of column `name`, the first on top; one panel a table, by its x-label.

    Columns: `name`, mean, low, high; the tables have the same entries. `band`: differences within +-band are shaded.
    `below`: lines of a panel, by its x-label.
    """
    first = next(iter(tables.values()))
    figure, axes = panels(
        len(tables), height=0.8 + 0.3 * len(first), width=4.4 if len(tables) > 1 else 8.0, sharey=True
    )
    for axis, (label, table) in zip(axes, tables.items(), strict=True):
        if band is not None:
            axis.axvspan(-band, band, color="0.5", alpha=0.15, linewidth=0)
            axis.axvline(0, color="0.5", linewidth=1)
        _intervals(axis, table)
        axis.set(xlabel=label, ylim=(len(table) - 0.4, -0.6))
        floors(axis, (below or {}).get(label, NONE))
    axes[0].set_yticks(range(len(first)), first[name])
    legend_below(figure)
    return figure


def accuracy_curves(tables: Mapping[str, DataFrame], below: Levels = NONE) -> Figure:
    """kNN accuracy over a setting on a logarithmic axis, one line an arm; one panel a table, by its x-label; a line for
    each of `below` in all of them.

    Columns: arm, x, mean, low, high.
    """
    figure, axes = panels(len(tables), sharey=True)
    for axis, (label, table) in zip(axes, tables.items(), strict=True):
        for marker, (arm, rows) in zip(MARKERS, table.groupby("arm", sort=False), strict=False):
            curve(axis, rows.sort_values("x"), "x", str(arm), marker=marker, markersize=5)
        values = sorted(table["x"].unique())
        axis.set(xscale="log", xlabel=label)
        axis.set_xticks(values, [f"{value:,g}" for value in values])
        axis.xaxis.set_minor_locator(NullLocator())
        floors(axis, below, across=True)
        if len(table):
            axis.legend(frameon=False, fontsize="small")
    axes[0].set(ylabel="kNN accuracy on test images, %")
    return figure


def _intervals(axis: Axes, table: DataFrame) -> None:
    for place, row in enumerate(table.to_dict("records")):
        axis.plot([row["low"], row["high"]], [place, place], color="C0", linewidth=2)
        axis.plot(row["mean"], place, "D", color="C0", markersize=5)
