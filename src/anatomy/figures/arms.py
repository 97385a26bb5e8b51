"""Arms of a study side by side: what they learn to see alike, and what a classifier makes of it."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import NONE, curve, drawn, floors, legend_below, name_lines, outer, panels, ticks
from anatomy.figures.looks import BLUE, GRAY, looks, own
from anatomy.figures.sheet import SMALL, on_phone

GROUND = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5}  # of a name that a line crosses


@drawn
def similarity_training(positive: DataFrame, negative: DataFrame) -> Figure:
    """Mean similarity of positives (solid) and negatives (dashed) over the steps. Columns: arm, batch_size, step, mean,
    low, high, by_seed."""
    sizes = sorted(positive["batch_size"].unique())
    figure, axes = panels(len(sizes), sharey=True)
    look = looks(positive["arm"])
    for axis, size in zip(axes, sizes, strict=True):
        for arm, rows in positive[positive["batch_size"] == size].groupby("arm"):
            others = negative[(negative["batch_size"] == size) & (negative["arm"] == arm)]
            alike = look[str(arm)]
            curve(axis, rows, "step", f"positives, {arm}", alike.with_line("-"))
            curve(axis, others, "step", f"negatives, {arm}", alike.with_line("--"))
        axis.set(title=f"{size} images a step", xlabel="step", ylabel="mean similarity", ylim=(-0.1, 1))
        outer(axis)
    legend_below(figure)
    return figure


@drawn
def accuracy(table: DataFrame, below: DataFrame = NONE) -> Figure:
    """kNN accuracy of each arm with its interval and its seeds; a line for each of `below`. Columns: arm, batch_size,
    mean, low, high, by_seed; label, accuracy."""
    rows = table.sort_values(["batch_size", "arm"], ascending=False, ignore_index=True)
    names = rows["arm"] + ", " + rows["batch_size"].astype(str) + " a step"
    return rows_of_intervals({"kNN accuracy on unseen images, %": rows.assign(name=names)}, "name", None, below)


@drawn
def forest(
    tables: Mapping[str, DataFrame],
    name: str,
    *,
    band: float | None = None,
    below: Mapping[str, DataFrame] | None = None,
) -> Figure:
    """Means, intervals and seeds, one row an entry of column `name`, the first on top; one panel a table, by its
    x-label.

    Columns: `name`, mean, low, high, and by_seed where each is to be seen; the tables have the same entries. `band`:
    differences within +-band are shaded. `below`: lines of a panel, by its x-label.
    """
    return rows_of_intervals(tables, name, band, below or {})


def rows_of_intervals(
    tables: Mapping[str, DataFrame], name: str, band: float | None, below: Mapping[str, DataFrame] | DataFrame
) -> Figure:
    """As `forest`; `below` of all panels, or by their x-label."""
    first = next(iter(tables.values()))
    row = 0.36 if on_phone() else 0.24  # inches
    figure, axes = panels(len(tables), height=0.75 + row * max(1, len(first)), sharey=True, wide=True)
    for axis, (label, table) in zip(axes, tables.items(), strict=True):
        if band is not None:
            axis.axvspan(-band, band, color="0.5", alpha=0.15, linewidth=0)
            axis.axvline(0, color="0.5", linewidth=1)
        _intervals(axis, table, name)
        axis.set_xlabel(label, loc="center" if len(tables) > 1 else "right")  # it may be longer than the axis
        axis.set(ylim=(len(table) - 0.4, -0.6))
        floors(axis, below if isinstance(below, DataFrame) else below.get(label, NONE))
        if on_phone():
            _names_above(axis, [*table[name]])
    if not on_phone():
        axes[0].set_yticks(range(len(first)), first[name])
    legend_below(figure)
    return figure


def _intervals(axis: Axes, table: DataFrame, name: str) -> None:
    for place, row in enumerate(table.to_dict("records")):
        color = (own(str(row[name])) if name != "comparison" else None) or BLUE
        seeds = row.get("by_seed", ())
        axis.plot([row["low"], row["high"]], [place, place], color=color, linewidth=2)
        axis.plot(row["mean"], place, "D", color=color, markersize=5)
        axis.plot(
            seeds, [place] * len(seeds), "o", color="white", markeredgecolor=GRAY, markeredgewidth=0.7, markersize=3
        )


def _names_above(axis: Axes, names: list[str]) -> None:
    """Where the screen is narrow a name stands over its row, and takes no width from it."""
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    for place, name in enumerate(names):
        axis.text(0, place - 0.3, name, transform=axis.get_yaxis_transform(), va="bottom", fontsize=SMALL, bbox=GROUND)
    axis.set_ylim(len(names) - 0.55, -0.95)


@drawn
def accuracy_curves(tables: Mapping[str, DataFrame], below: DataFrame = NONE) -> Figure:
    """kNN accuracy over a setting on a logarithmic axis, one line an arm; one panel a table, by its x-label; a line for
    each of `below` in all of them.

    Columns: arm, x, mean, low, high, by_seed; label, accuracy.
    """
    figure, axes = panels(len(tables), sharey=True)
    look = looks(arm for table in tables.values() for arm in table["arm"])
    for axis, (label, table) in zip(axes, tables.items(), strict=True):
        for arm, rows in table.groupby("arm", sort=False):
            of = look[str(arm)]
            curve(axis, rows.sort_values("x"), "x", str(arm), of, marker=of.marker)
        ticks(axis, table["x"], ",g")
        axis.set(xlabel=label, ylabel="kNN accuracy on test images, %")
        outer(axis)
        floors(axis, below, across=True)
    name_lines(figure, axes)
    return figure
