"""What each loss of the family weighs: on a map, along similarities, and on a circle."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import drawn, legend_below, lines, panels, plot
from anatomy.figures.looks import NEGATIVE, POSITIVE, looks

LABELS = {
    "rank": ("rank of a negative, 1 the nearest", "share of the force, times $K$"),
    "negative": ("similarity of a negative", "share of the force, times $K$"),
    "positive": ("similarity of a positive", "pull, over the mean pull"),
}


@drawn
def family_map(table: DataFrame, base: Mapping[str, float]) -> Figure:
    """Entropy of the negatives' shares over the spread of what anchors get: a line a loss along its temperature or its
    option, a large marker at its `base`. Columns: of, at, entropy, push_cv."""
    figure, (axis,) = panels(1, height=4.0)
    look = looks(table["of"])
    for name, rows in table.groupby("of", sort=False):
        line, of = rows.sort_values("at"), look[str(name)]
        plot(axis, line["push_cv"], line["entropy"], of, marker=of.marker, markersize=3, alpha=0.7, linewidth=1)
        at = line[line["at"] == base[str(name)]]
        plot(axis, at["push_cv"], at["entropy"], of.with_line(""), marker=of.marker, markersize=9, label=str(name))
    axis.set(
        xlabel="spread over anchors of the force on their negatives (sd / mean)",
        ylabel="entropy of the shares of negatives, over log $K$",
        ylim=(0, 1.03),
    )
    legend_below(figure)
    return figure


@drawn
def weights(tables: Mapping[str, DataFrame]) -> Figure:
    """One panel for each of LABELS, one line a loss. Columns: of, at, value."""
    figure, axes = panels(len(tables), height=2.9)
    look = looks(name for table in tables.values() for name in table["of"])
    for axis, (by, table) in zip(axes, tables.items(), strict=True):
        for name, rows in table.groupby("of", sort=False):
            of = look[str(name)]
            plot(axis, rows["at"], rows["value"], of, label=str(name), marker=of.marker, markersize=4, markevery=2)
        axis.axhline(0, color="0.5", linewidth=1)
        axis.set(xlabel=LABELS[by][0], ylabel=LABELS[by][1])
        if by != "positive":
            axis.set_yscale("symlog", linthresh=0.1)
    if "rank" in tables:
        axes[list(tables).index("rank")].set_xscale("log")
    legend_below(figure)
    return figure


@drawn
def temperatures(table: DataFrame) -> Figure:
    """Mean temperature of the anchors of a batch over the steps, a line an arm. Columns: arm, step, mean, low, high,
    by_seed."""
    figure, (axis,) = panels(1)
    lines(axis, table, "step", looks(table["arm"]))
    axis.set(xlabel="step", ylabel="temperature", yscale="log")
    legend_below(figure)
    return figure


@drawn
def on_circle(table: DataFrame) -> Figure:
    """A panel a loss: bars of the pull (up) and of each push (down where it pushes away, up where it draws nearer), all
    over the loss's pull. Columns: loss, role, angle, share."""
    names = list(table["loss"].unique())
    figure, axes = panels(len(names), height=1.8, sharey=True, narrow=True)
    for axis, name in zip(axes, names, strict=True):
        bars(axis, table[table["loss"] == name])
        axis.set_title(name)
    for axis in axes[::2]:
        axis.set_ylabel("force over the pull")
    return figure


def bars(axis: Axes, rows: DataFrame) -> None:
    """One of `on_circle`."""
    signed = rows["share"].where(rows["role"] == "positive", -rows["share"])
    colors = [POSITIVE if role == "positive" else NEGATIVE for role in rows["role"]]
    places = range(len(rows))
    axis.bar(places, signed, color=colors)
    axis.axhline(0, color="0.5", linewidth=1)
    axis.set_xticks(places, [f"{angle:g}°" for angle in rows["angle"]])


@drawn
def sphere_paths(table: DataFrame) -> Figure:
    """Alignment over uniformity while arms learn: a line from each arm's first step to its last, where a marker is.
    Columns: arm, step, alignment, uniformity."""
    figure, (axis,) = panels(1, height=4.0)
    look = looks(table["arm"])
    for name, rows in table.groupby("arm", sort=False):
        path, of = rows.sort_values("step"), look[str(name)]
        plot(axis, path["uniformity"], path["alignment"], of, linewidth=1)
        end = path.iloc[-1:]
        plot(
            axis, end["uniformity"], end["alignment"], of.with_line(""), marker=of.marker, markersize=8, label=str(name)
        )
    axis.set(xlabel="uniformity, nats (lower is more even)", ylabel="alignment (lower is nearer)")
    legend_below(figure)
    return figure
