"""Center and residuals of siamese networks: over the steps, at the end, and through phases."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from pandas import DataFrame

from anatomy.analysis.collapse import GONE, KEPT
from anatomy.figures import NONE, Levels, curve, floors, legend_below, panels

STYLES = ["-", "--", "-.", ":"]
MARKERS = "osD^vPX*<>ph"
# The limits of the threshold claims: spread below and center above, or spread above.
GONE_SPREAD, GONE_CENTER, KEPT_SPREAD = GONE, 0.9, KEPT


def over_steps(table: DataFrame, labels: dict[str, str], floor: float | None = None) -> Figure:
    """One panel a quantity, one line an arm. Columns: quantity, arm, step, mean, low, high; `labels` by quantity.

    `floor` is drawn where the quantity is `center`: what independent directions of this number would have.
    """
    figure, axes = panels(len(labels), height=3.8, width=6.6 if len(labels) == 1 else 4.4)
    styles = {arm: number for number, arm in enumerate(table["arm"].unique())}  # the same in all panels
    for axis, (quantity, label) in zip(axes, labels.items(), strict=True):
        for arm, rows in table[table["quantity"] == quantity].groupby("arm", sort=False):
            look = {"color": f"C{styles[arm] % 10}", "linestyle": STYLES[styles[arm] % 4]}
            curve(axis, rows, "step", str(arm), **look)
        if table[table["quantity"] == quantity]["mean"].between(0, 1).all():
            axis.set_ylim(-0.03, 1.05)  # a length or a cosine; its interval may reach beyond what it can be
        if quantity == "center" and floor is not None:
            axis.axhline(floor, color="0.4", linestyle=":", linewidth=1)
        axis.set(xlabel="step", ylabel=label)
    below(figure, axes[0])
    return figure


def below(figure: Figure, axis: Axes) -> None:
    """The legend of one axis, under all of them."""
    handles, names = axis.get_legend_handles_labels()
    columns = min(4 if len(figure.axes) > 1 else 2, len(names))
    figure.legend(handles, names, loc="outside lower center", ncols=columns, frameon=False, fontsize="small")


def plane(points: DataFrame) -> Figure:
    """Every run as a point, spread against m_o, with the limits of the claims. Columns: arm, spread, center."""
    figure, (axis,) = panels(1, height=4.6, width=7.2)
    axis.add_patch(Rectangle((0, GONE_CENTER), GONE_SPREAD, 1.03 - GONE_CENTER, color="C3", alpha=0.15, linewidth=0))
    axis.add_patch(Rectangle((KEPT_SPREAD, 0), 0.45, 1.03, color="C2", alpha=0.15, linewidth=0))
    for number, (arm, of) in enumerate(points.groupby("arm", sort=False)):
        marker = MARKERS[number % len(MARKERS)]
        axis.plot(of["spread"], of["center"], marker, label=arm, color=f"C{number % 10}", alpha=0.8, markersize=7)
    axis.set(
        xlim=(0, 1.05), ylim=(0, 1.03), xlabel=r"spread, std $\times \sqrt{D}$", ylabel="length of the center, $m_o$"
    )
    axis.text(GONE_SPREAD / 2, GONE_CENTER - 0.02, "collapsed", ha="center", va="top", fontsize="small")
    axis.text(KEPT_SPREAD + 0.01, 0.02, "not collapsed", fontsize="small")
    figure.legend(loc="outside right center", frameon=False, fontsize="small")
    return figure


def through_phases(table: DataFrame, phases: DataFrame) -> Figure:
    """m_o and m_r of a run that switches, a panel an arm; phases in turn shaded and named.

    Columns: arm, quantity (center or residual), step, mean, low, high; of `phases`: objective, start, end, whole.
    """
    arms = list(table["arm"].unique())
    figure, axes = panels(len(arms), sharey=True)
    for axis, arm in zip(axes, arms, strict=True):
        for number, phase in enumerate(phases.to_dict("records")):
            if number % 2:
                axis.axvspan(phase["start"], phase["end"], color="0.92", linewidth=0)
            if phase["whole"]:
                middle = (phase["start"] + phase["end"]) / 2
                axis.text(middle, 1.06, phase["objective"], ha="center", va="bottom", fontsize="x-small")
        for quantity, label, style in (("center", "$m_o$", "-"), ("residual", "$m_r$", "--")):
            rows = table[(table["arm"] == arm) & (table["quantity"] == quantity)]
            curve(axis, rows, "step", label, linestyle=style)
        axis.set(xlabel="step", ylim=(0, 1.05))
        axis.set_title(arm, pad=18)
    axes[0].set_ylabel("length")
    below(figure, axes[0])
    return figure


def parts_of_info_nce(lengths: DataFrame, alignment: DataFrame) -> Figure:
    """Left: lengths of the two parts of the extra gradient over temperature. Right: does the residual decorrelate?

    Columns of both: arm, at (temperature), mean, low, high.
    """
    figure, axes = panels(2, height=3.8)
    for axis, table in zip(axes, (lengths, alignment), strict=True):
        for number, (arm, rows) in enumerate(table.groupby("arm", sort=False)):
            style = {"linestyle": STYLES[number % 4], "marker": MARKERS[number], "markersize": 5}
            curve(axis, rows, "at", str(arm), **style)
        axis.set(xscale="log", xlabel="temperature $T$")
        axis.legend(frameon=False, fontsize="small")
    axes[0].set(yscale="log", ylabel="length")
    axes[1].set(ylabel="cosine to the decorrelating direction", ylim=(-0.05, 1.05))
    return figure


def accuracy(table: DataFrame, points: DataFrame, below: Levels = NONE) -> Figure:
    """kNN accuracy of each arm, its interval, every seed as a dot, and a line for each of `below`; empty, and saying
    so, where none was measured.

    Columns: arm, mean, low, high; arm, accuracy.
    """
    figure, (axis,) = panels(1, height=1 + 0.28 * max(1, len(table)), width=6.6)
    rows = table.sort_values("mean").reset_index(drop=True)
    for place, row in enumerate(rows.to_dict("records")):
        dots = points[points["arm"] == row["arm"]]["accuracy"]
        axis.plot(dots, [place] * len(dots), "o", color="0.6", markersize=4)
        axis.plot([row["low"], row["high"]], [place, place], color="C0", linewidth=2)
        axis.plot(row["mean"], place, "D", color="C0")
    axis.set_yticks(range(len(rows)), list(rows["arm"]))
    axis.set(xlabel="kNN accuracy on unseen images, %")
    floors(axis, below)
    legend_below(figure)
    if rows.empty:
        axis.set_axis_off()
        axis.text(0.5, 0.5, "this preset measures no accuracy", ha="center", transform=axis.transAxes)
    return figure
