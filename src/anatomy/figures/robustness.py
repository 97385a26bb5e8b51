"""Adversarial training: an attack in two dimensions, the curves of training, and how deep a class is buried."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from pandas import DataFrame

from anatomy.analysis.attack_plane import Plane
from anatomy.figures import MARKERS, curve, legend_below, panels

LABELS = {
    "pgd": "accuracy under PGD, %",
    "fgsm": "accuracy under FGSM, %",
    "alignment": "gradient alignment",
    "abnormal": "share of abnormal examples",
}


def planes(drawn: Mapping[str, Plane]) -> Figure:
    """A panel each: the loss over two pixels, the ball as a square, and the ways of one step and of many."""
    figure, axes = panels(len(drawn), height=4.4)
    for axis, (title, plane) in zip(axes, drawn.items(), strict=True):
        axis.contourf(plane.across, plane.up, plane.loss, levels=14, cmap="Greys", alpha=0.7)
        low = -plane.epsilon
        axis.add_patch(Rectangle((low, low), -2 * low, -2 * low, fill=False, linewidth=1.5))
        for (name, way), marker, color in zip(plane.ways.items(), MARKERS, ("C1", "C0"), strict=False):
            axis.plot(*way.T, marker=marker, markersize=4, color=color, label=name)
        axis.set(title=title, xlabel="change of one pixel, in epsilon", aspect="equal")
    axes[0].set_ylabel("change of another, in epsilon")
    legend_below(figure)
    return figure


def training(tables: Mapping[str, DataFrame]) -> Figure:
    """One panel for each of LABELS, one line an arm. Columns: arm, step, mean, low, high."""
    figure, axes = panels(2, height=6.4, rows=-(-len(tables) // 2))
    for axis, (column, table) in zip(axes, tables.items(), strict=False):
        for number, (arm, rows) in enumerate(table.groupby("arm", sort=False)):
            line(axis, rows, str(arm), number)
        axis.set(xlabel="step", ylabel=LABELS[column])
    legend_below(figure)
    return figure


def line(axis: Axes, rows: DataFrame, label: str, number: int) -> None:
    """Of one arm; colors and markers repeat after ten and six."""
    style = {"color": f"C{number % 10}", "marker": MARKERS[number % len(MARKERS)]}
    curve(axis, rows.sort_values("step"), "step", label, markersize=3, **style)


def ranks(table: DataFrame) -> Figure:
    """Place of the true class and the share below the first five, over the steps of an attack, a line a loss. Columns:
    objective, steps, what, mean, low, high."""
    names = list(table["what"].unique())
    figure, axes = panels(len(names))
    for axis, name in zip(axes, names, strict=True):
        for number, (objective, rows) in enumerate(table[table["what"] == name].groupby("objective", sort=False)):
            style = {"color": f"C{number}", "marker": MARKERS[number]}
            curve(axis, rows.sort_values("steps"), "steps", str(objective), **style)
        axis.set(xscale="log", xlabel="steps of the attack", ylabel=name)
        axis.set_xticks(sorted(table["steps"].unique()), [f"{n:g}" for n in sorted(table["steps"].unique())])
        axis.minorticks_off()
    legend_below(figure)
    return figure
