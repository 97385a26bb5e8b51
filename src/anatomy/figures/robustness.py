"""Adversarial training: an attack in two dimensions, the curves of training, and how deep a class is buried."""

from collections.abc import Mapping

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from pandas import DataFrame

from anatomy.analysis.attack_plane import Plane
from anatomy.figures import curve, drawn, legend_below, name_lines, panels, ticks
from anatomy.figures.drawn import keep
from anatomy.figures.looks import looks

LABELS = {
    "pgd": "accuracy under PGD, %",
    "fgsm": "accuracy under FGSM, %",
    "alignment": "gradient alignment",
    "abnormal": "share of abnormal examples",
}


@drawn
def planes(shown: Mapping[str, Plane]) -> Figure:
    """A panel each: the loss over two pixels, the ball as a square, and the ways of one step and of many."""
    figure, axes = panels(len(shown), height=3.3)
    look = looks(name for plane in shown.values() for name in plane.ways)
    for axis, (title, plane) in zip(axes, shown.items(), strict=True):
        axis.contourf(plane.across, plane.up, plane.loss, levels=14, cmap="Greys", alpha=0.7)
        low = -plane.epsilon
        axis.add_patch(Rectangle((low, low), -2 * low, -2 * low, fill=False, linewidth=1.5))
        for name, way in plane.ways.items():
            of = look[name]
            axis.plot(*way.T, marker=of.marker, color=of.color, linestyle=of.linestyle, label=name)
        axis.set(title=title, xlabel="change of one pixel, in epsilon", ylabel="change of another", aspect="equal")
    legend_below(figure)
    keep(figure, {title: ways(plane) for title, plane in shown.items()})
    return figure


def ways(plane: Plane) -> DataFrame:
    """What its CSV says: columns way, one, other."""
    rows = [(name, *point) for name, way in plane.ways.items() for point in way.tolist()]
    return DataFrame(rows, columns=["way", "one", "other"])


@drawn
def training(tables: Mapping[str, DataFrame]) -> Figure:
    """One panel for each of LABELS, one line an arm. Columns: arm, step, mean, low, high, by_seed."""
    figure, axes = panels(len(tables), height=2.6)
    look = looks(arm for table in tables.values() for arm in table["arm"])
    for axis, (column, table) in zip(axes, tables.items(), strict=True):
        for arm, rows in table.groupby("arm", sort=False):
            curve(axis, rows.sort_values("step"), "step", str(arm), look[str(arm)])
        axis.set(xlabel="step", ylabel=LABELS[column])
    name_lines(figure, axes)
    return figure


@drawn
def ranks(table: DataFrame) -> Figure:
    """Place of the true class and the share below the first five, over the steps of an attack, a line a loss. Columns:
    objective, steps, what, mean, low, high, by_seed."""
    names = list(table["what"].unique())
    figure, axes = panels(len(names))
    look = looks(table["objective"])
    for axis, name in zip(axes, names, strict=True):
        for objective, rows in table[table["what"] == name].groupby("objective", sort=False):
            of = look[str(objective)]
            curve(axis, rows.sort_values("steps"), "steps", str(objective), of, marker=of.marker)
        axis.set(xlabel="steps of the attack", ylabel=name)
        ticks(axis, table["steps"])
    name_lines(figure, axes)
    return figure
