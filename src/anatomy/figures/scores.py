"""Scores while a network learns: curves, a waterfall, histograms, and what mixing does to them."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import curve, drawn, legend_below, name_lines, outer, panels
from anatomy.figures.looks import BLUE, COLORS, FALSE, NEGATIVE, POSITIVE, Look, looks
from anatomy.figures.sheet import SMALL

KINDS = {
    "raw_positive": ("positives", POSITIVE),
    "raw_true": ("negatives", NEGATIVE),
    "raw_false": ("false negatives", FALSE),
}


@drawn
def curves(tables: Mapping[str, DataFrame], name: str, title: str = "") -> Figure:
    """One panel a table, by its y-label; in it one line an entry of column `name`, in the order of the rows.

    Columns: `name`, step, mean, low, high, by_seed.
    """
    figure, axes = panels(len(tables))
    look = looks(entry for table in tables.values() for entry in table[name])
    for axis, (label, table) in zip(axes, tables.items(), strict=True):
        for entry, rows in table.groupby(name, sort=False):
            of, every = look[str(entry)], max(1, len(rows) // 6)
            curve(axis, rows, "step", str(entry), of, marker=of.marker, markevery=every, markersize=4)
        axis.set(xlabel="step", ylabel=label)
    name_lines(figure, axes, title)
    return figure


@drawn
def waterfall(table: DataFrame) -> Figure:
    """Mean positive score over the steps, one ridge a momentum, one behind the other. Columns: momentum, step, mean."""
    figure, (axis,) = panels(1, height=3.4)
    momenta = sorted(table["momentum"].unique())
    last = float(table["step"].max())
    for depth, momentum in reversed(list(enumerate(momenta))):
        rows = table[table["momentum"] == momentum]
        x, floor = rows["step"] + 0.06 * last * depth, 0.6 * depth
        axis.fill_between(x, floor, floor + rows["mean"], color="white", zorder=2 - depth)  # hides what is behind it
        axis.fill_between(x, floor, floor + rows["mean"], color=COLORS[depth], alpha=0.3, linewidth=0, zorder=2 - depth)
        axis.plot(x, floor + rows["mean"], color=COLORS[depth], zorder=2 - depth)
        axis.text(x.iloc[-1] + 0.02 * last, floor + 0.05, f"$m$ = {momentum:g}", fontsize=SMALL)
    axis.set(xlabel="step (each ridge starts a little later)", yticks=[0, 0.5, 1], ylabel="positive score, front ridge")
    axis.set_xlim(0, 1.06 * last + 0.06 * last * len(momenta) + 0.1 * last)
    return figure


@drawn
def histograms(table: DataFrame) -> Figure:
    """Scores at some steps, one panel each. Columns: step, score (middle of a bin), and a share for each of KINDS."""
    steps = sorted(table["step"].unique())
    figure, axes = panels(len(steps), height=2.2, sharey=True)
    for axis, step in zip(axes, steps, strict=True):
        rows = table[table["step"] == step]
        for column, (label, color) in KINDS.items():
            area(axis, rows, column, label, color)
        axis.set(title=f"step {step:,.0f}", xlabel="score", ylabel="share of the scores", xlim=(-0.6, 1))
        outer(axis)
    axes[0].set(ylim=(0, None))
    legend_below(figure)
    return figure


def area(axis: Axes, rows: DataFrame, column: str, label: str, color: str) -> None:
    width = np.diff(rows["score"])[0]
    edges = np.append(rows["score"] - width / 2, rows["score"].iloc[-1] + width / 2)
    false = column == "raw_false"  # an outline: it would hide the negatives that it is a part of
    axis.stairs(rows[column], edges, fill=not false, alpha=1 if false else 0.45, color=color, label=label)


@drawn
def mixed(table: DataFrame, arms: list[str]) -> Figure:
    """One panel for each of four arms: lines of column `line` over the steps, what the loss sees solid.

    Columns: arm, line, step, mean, low, high, by_seed.
    """
    figure, axes = panels(len(arms), height=2.3, sharey=True)
    for axis, arm in zip(axes, arms, strict=True):
        for line, rows in table[table["arm"] == arm].groupby("line"):
            color = POSITIVE if "positives" in str(line) else NEGATIVE
            curve(axis, rows, "step", str(line), Look(color, "--" if "unmixed" in str(line) else "-", ""))
        axis.set(title=arm, xlabel="step", ylabel="mean score")
    legend_below(figure)
    return figure


@drawn
def distance(table: DataFrame, score: float) -> Figure:
    """Left: c over lambda. Right: the score of a mixed positive, raw and renormalized. Columns: share, c, raw,
    renormalized."""
    figure, (left, right) = panels(2)
    for axis in (left, right):
        axis.axvspan(0, 1, color="0.5", alpha=0.12, linewidth=0)
        axis.set(xlabel=r"$\lambda$")
    left.plot(table["share"], table["c"], color=BLUE)
    left.set(ylabel=r"$c = \lambda^2 + (1 - \lambda)^2$", ylim=(0, None))
    left.text(0.5, 4.6, "interpolation", ha="center", fontsize=SMALL)
    left.text(1.5, 4.6, "extrapolation", ha="center", fontsize=SMALL)
    for column, style in (("raw", "-"), ("renormalized", "--")):
        right.plot(table["share"], table[column], style, color=BLUE, label=column)
    right.axhline(score, color="0.5", linewidth=1)
    right.text(2, score, "unmixed", ha="right", va="bottom", color="0.3")
    right.set(ylabel="score of the positive")
    legend_below(figure)
    return figure
