"""Center and residuals of siamese networks: over the steps, at the end, and through phases."""

from collections.abc import Mapping

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from pandas import DataFrame

from anatomy.analysis.collapse import GONE, KEPT
from anatomy.figures import NONE, curve, drawn, legend_below, lines, logarithmic, name_lines, outer, panels, plot, ticks
from anatomy.figures.arms import rows_of_intervals
from anatomy.figures.drawn import keep
from anatomy.figures.looks import GREEN, RED, looks
from anatomy.figures.sheet import SMALL

# The limits of the threshold claims: spread below and center above, or spread above.
GONE_SPREAD, GONE_CENTER, KEPT_SPREAD = GONE, 0.9, KEPT


@drawn
def over_steps(table: DataFrame, labels: Mapping[str, str], floor: float | None = None) -> Figure:
    """One panel a quantity, one line an arm. Columns: quantity, arm, step, mean, low, high, by_seed; `labels` by
    quantity.

    `floor` is drawn where the quantity is `center`: what independent directions of this number would have.
    """
    figure, axes = panels(len(labels))
    look = looks(table["arm"])
    of = {label: table[table["quantity"] == quantity] for quantity, label in labels.items()}
    keep(figure, of)
    for axis, (quantity, label) in zip(axes, labels.items(), strict=True):
        own = of[label]
        lines(axis, own, "step", look)
        if own["mean"].between(0, 1).all():
            axis.set_ylim(-0.03, 1.05)  # a length or a cosine; its interval may reach beyond what it can be
        if quantity == "center" and floor is not None:
            axis.axhline(floor, color="0.4", linestyle=":", linewidth=1)
        axis.set(xlabel="step", ylabel=label)
    name_lines(figure, axes)
    return figure


@drawn
def plane(points: DataFrame) -> Figure:
    """Every run as a point, spread against m_o, with the limits of the claims. Columns: arm, spread, center."""
    figure, (axis,) = panels(1, height=4.4)
    axis.add_patch(Rectangle((0, GONE_CENTER), GONE_SPREAD, 1.03 - GONE_CENTER, color=RED, alpha=0.13, linewidth=0))
    axis.add_patch(Rectangle((KEPT_SPREAD, 0), 0.45, 1.03, color=GREEN, alpha=0.13, linewidth=0))
    look = looks(points["arm"])
    keep(figure, {"points": points.filter(["key", "seed", "arm", "spread", "center"])})
    for arm, of in points.groupby("arm", sort=False):
        dots = look[str(arm)].with_line("")
        plot(axis, of["spread"], of["center"], dots, label=str(arm), marker=dots.marker, alpha=0.8, markersize=6)
    axis.set(
        xlim=(0, 1.05), ylim=(0, 1.03), xlabel=r"spread, std $\times \sqrt{D}$", ylabel="length of the center, $m_o$"
    )
    axis.text(GONE_SPREAD / 2, GONE_CENTER - 0.02, "collapsed", ha="center", va="top", fontsize=SMALL)
    axis.text(KEPT_SPREAD + 0.01, 0.02, "not collapsed", fontsize=SMALL)
    legend_below(figure)
    return figure


@drawn
def through_phases(table: DataFrame, phases: DataFrame) -> Figure:
    """m_o and m_r of a run that switches, a panel an arm; phases in turn shaded and named.

    Columns: arm, quantity (center or residual), step, mean, low, high, by_seed; of `phases`: objective, start, end,
    whole.
    """
    arms = list(table["arm"].unique())
    figure, axes = panels(len(arms), sharey=True)
    look = looks(["$m_o$", "$m_r$"])
    keep(figure, {"lengths": table[table["quantity"].isin(["center", "residual"])], "phases": phases})
    for axis, arm in zip(axes, arms, strict=True):
        for number, phase in enumerate(phases.to_dict("records")):
            if number % 2:
                axis.axvspan(phase["start"], phase["end"], color="0.92", linewidth=0)
            if phase["whole"]:
                middle = (phase["start"] + phase["end"]) / 2
                axis.text(middle, 1.06, phase["objective"], ha="center", va="bottom", fontsize=SMALL)
        for quantity, label in (("center", "$m_o$"), ("residual", "$m_r$")):
            rows = table[(table["arm"] == arm) & (table["quantity"] == quantity)]
            curve(axis, rows, "step", label, look[label])
        axis.set(xlabel="step", ylabel="length", ylim=(0, 1.05))
        axis.set_title(arm, pad=18)
        outer(axis)
    name_lines(figure, axes)
    return figure


@drawn
def parts_of_info_nce(lengths: DataFrame, alignment: DataFrame) -> Figure:
    """Left: lengths of the two parts of the extra gradient over temperature. Right: does the residual decorrelate?

    Columns of both: arm, at (temperature), mean, low, high, by_seed.
    """
    figure, axes = panels(2, height=2.9)
    look = looks([*lengths["arm"], *alignment["arm"]])
    for axis, table in zip(axes, (lengths, alignment), strict=True):
        lines(axis, table, "at", look, marked=True)
        ticks(axis, table["at"])
        axis.set(xlabel="temperature $T$")
    axes[0].set(ylabel="length")
    logarithmic(axes[0])
    axes[1].set(ylabel="cosine to the decorrelating direction", ylim=(-0.05, 1.05))
    legend_below(figure)
    return figure


@drawn
def accuracy(table: DataFrame, below: DataFrame = NONE) -> Figure:
    """kNN accuracy of each arm, the highest on top, with its interval and its seeds, and a line for each of `below`;
    empty, and saying so, where none was measured.

    Columns: arm, mean, low, high, by_seed; label, accuracy.
    """
    rows = table.sort_values("mean", ascending=False, ignore_index=True)
    figure = rows_of_intervals({"kNN accuracy on unseen images, %": rows}, "arm", None, below)
    if rows.empty:
        (axis,) = figure.axes
        axis.set_axis_off()
        axis.text(0.5, 0.5, "this preset measures no accuracy", ha="center", transform=axis.transAxes)
    return figure


@drawn
def spectra(ranks: DataFrame, along: DataFrame) -> Figure:
    """Left: effective rank over the steps, a line an arm. Right: a predictor along the axes of the embedding, the one
    with the largest eigenvalue first.

    Columns: arm, step or index, mean, low, high, by_seed.
    """
    figure, axes = panels(2, height=3.2)
    for axis, table, x in zip(axes, (ranks, along), ("step", "index"), strict=True):
        lines(axis, table, x, looks(table["arm"]), marked=x == "index")
    axes[0].set(xlabel="step", ylabel="effective rank")
    ticks(axes[1], along["index"])
    axes[1].set(xlabel="axis, by its eigenvalue", ylim=(None, 1.05))
    legend_below(figure)
    return figure


@drawn
def singular_values(tables: Mapping[str, DataFrame]) -> Figure:
    """A panel for each part of the network, a line for each number of passes.

    Columns: arm, index, mean, low, high, by_seed.
    """
    figure, axes = panels(len(tables), height=3.2)
    for axis, (part, table) in zip(axes, tables.items(), strict=True):
        lines(axis, table, "index", looks(table["arm"]), marked=True)
        ticks(axis, table["index"])
        axis.set(title=part, xlabel="axis, by its singular value", yscale="log", ylim=(1e-3, 1.3))
    axes[0].set(ylabel="singular value, share of the largest")
    legend_below(figure)
    return figure
