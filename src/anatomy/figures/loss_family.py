"""What each loss of the family weighs: on a map, along similarities, and on a circle."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import MARKERS, legend_below, panels

LABELS = {
    "rank": ("rank of a negative, 1 the nearest", "share of its anchor's force, times $K$"),
    "negative": ("similarity of a negative", "share of its anchor's force, times $K$"),
    "positive": ("similarity of a positive", "pull, over the mean pull"),
}


def family_map(table: DataFrame, base: float) -> Figure:
    """Entropy of the negatives' shares over the spread of what anchors get: a line a loss along its temperature, a
    large marker at `base`. Columns: of, at, entropy, push_cv."""
    figure, (axis,) = panels(1, height=4.6, width=7.0)
    for number, (name, rows) in enumerate(table.groupby("of", sort=False)):
        line = rows.sort_values("at")
        style: dict[str, Any] = {"color": f"C{number}", "marker": MARKERS[number % len(MARKERS)]}
        axis.plot(line["push_cv"], line["entropy"], markersize=3, linewidth=1, alpha=0.7, **style)
        at = line[line["at"] == base]
        axis.plot(at["push_cv"], at["entropy"], markersize=9, linestyle="", label=str(name), **style)
    axis.set(
        xlabel="spread over anchors of the force on their negatives (sd / mean)",
        ylabel="entropy of the shares of negatives, over log $K$",
        ylim=(0, 1.03),
    )
    legend_below(figure)
    return figure


def weights(tables: Mapping[str, DataFrame]) -> Figure:
    """One panel for each of LABELS, one line a loss. Columns: of, at, value."""
    figure, axes = panels(len(tables), height=4.2)
    for axis, (by, table) in zip(axes, tables.items(), strict=True):
        for number, (name, rows) in enumerate(table.groupby("of", sort=False)):
            style = MARKERS[number % len(MARKERS)]
            axis.plot(rows["at"], rows["value"], marker=style, markersize=4, color=f"C{number}", label=str(name))
        axis.axhline(0, color="0.5", linewidth=1)
        axis.set(xlabel=LABELS[by][0], ylabel=LABELS[by][1])
        if by != "positive":
            axis.set_yscale("symlog", linthresh=0.1)
    if "rank" in tables:
        axes[list(tables).index("rank")].set_xscale("log")
    legend_below(figure)
    return figure


def on_circle(table: DataFrame) -> Figure:
    """A panel a loss: bars of the pull (up) and of each push (down where it pushes away, up where it draws nearer), all
    over the loss's pull. Columns: loss, role, angle, share."""
    names = list(table["loss"].unique())
    figure, axes = panels(3, height=5.2, width=3.2, sharey=True, rows=-(-len(names) // 3))
    for axis, name in zip(axes, names, strict=False):
        bars(axis, table[table["loss"] == name])
        axis.set_title(name, fontsize="small")
    for axis in axes[len(names) :]:
        axis.axis("off")
    for axis in axes[::3]:
        axis.set_ylabel("force over the pull")
    return figure


def bars(axis: Axes, rows: DataFrame) -> None:
    """One of `on_circle`."""
    signed = rows["share"].where(rows["role"] == "positive", -rows["share"])
    colors = ["C2" if role == "positive" else "C3" for role in rows["role"]]
    places = range(len(rows))
    axis.bar(places, signed, color=colors)
    axis.axhline(0, color="0.5", linewidth=1)
    axis.set_xticks(places, [f"{angle:g}°" for angle in rows["angle"]], fontsize="small")
