"""Scores while a network learns: curves, a waterfall, histograms, and what mixing does to them."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import MARKERS, curve, panels

WIDE = 9.6  # inches of a row of panels: more, and a page shows its words too small
STYLES = ("-", "--", "-.", ":")
KINDS = {"raw_positive": ("positives", "C0"), "raw_true": ("negatives", "C1"), "raw_false": ("false negatives", "C3")}


def curves(tables: Mapping[str, DataFrame], name: str, title: str = "") -> Figure:
    """One panel a table, by its y-label; in it one line an entry of column `name`, in the order of the rows.

    Columns: `name`, step, mean, low, high.
    """
    figure, axes = panels(len(tables), width=WIDE / len(tables))
    entries = [list(dict.fromkeys(table[name])) for table in tables.values()]
    for place, (axis, (label, table)) in enumerate(zip(axes, tables.items(), strict=True)):
        for number, (entry, rows) in enumerate(table.groupby(name, sort=False)):
            style, marker = STYLES[number % 4], MARKERS[number % len(MARKERS)]
            every = max(1, len(rows) // 6)
            curve(axis, rows, "step", str(entry), linestyle=style, marker=marker, markevery=every, markersize=4)
        axis.set(xlabel="step", ylabel=label)
        if place + 1 == len(axes) or entries[place] != entries[place + 1]:
            axis.legend(title=title or None, frameon=False, fontsize="small")
    return figure


def waterfall(table: DataFrame) -> Figure:
    """Mean positive score over the steps, one ridge a momentum, one behind the other. Columns: momentum, step, mean."""
    figure, (axis,) = panels(1, height=4.2)
    momenta = sorted(table["momentum"].unique())
    last = float(table["step"].max())
    for depth, momentum in reversed(list(enumerate(momenta))):
        rows = table[table["momentum"] == momentum]
        x, floor = rows["step"] + 0.06 * last * depth, 0.6 * depth
        axis.fill_between(x, floor, floor + rows["mean"], color="white", zorder=2 - depth)  # hides what is behind it
        axis.fill_between(x, floor, floor + rows["mean"], color=f"C{depth}", alpha=0.3, linewidth=0, zorder=2 - depth)
        axis.plot(x, floor + rows["mean"], color=f"C{depth}", zorder=2 - depth)
        axis.text(x.iloc[-1] + 0.02 * last, floor + 0.05, f"$m$ = {momentum:g}", fontsize="small")
    axis.set(xlabel="step (each ridge starts a little later)", yticks=[0, 0.5, 1], ylabel="positive score, front ridge")
    axis.set_xlim(0, 1.06 * last + 0.06 * last * len(momenta) + 0.1 * last)
    return figure


def histograms(table: DataFrame) -> Figure:
    """Scores at some steps, one panel each. Columns: step, score (middle of a bin), and a share for each of KINDS."""
    steps = sorted(table["step"].unique())
    figure, axes = panels(len(steps), width=WIDE / len(steps), sharey=True)
    for axis, step in zip(axes, steps, strict=True):
        rows = table[table["step"] == step]
        for column, (label, color) in KINDS.items():
            area(axis, rows, column, label, color)
        axis.set(title=f"step {step:,.0f}", xlabel="score", xlim=(-0.6, 1))
    axes[0].set(ylabel="share of the scores in a bin", ylim=(0, None))
    axes[0].legend(frameon=False, fontsize="small", loc="upper left")
    return figure


def area(axis: Axes, rows: DataFrame, column: str, label: str, color: str) -> None:
    width = np.diff(rows["score"])[0]
    edges = np.append(rows["score"] - width / 2, rows["score"].iloc[-1] + width / 2)
    false = column == "raw_false"  # an outline: it would hide the negatives that it is a part of
    axis.stairs(rows[column], edges, fill=not false, alpha=1 if false else 0.45, color=color, label=label)


def mixed(table: DataFrame, arms: list[str]) -> Figure:
    """One panel for each of four arms: lines of column `line` over the steps, what the loss sees solid.

    Columns: arm, line, step, mean, low, high.
    """
    figure, axes = panels(2, height=5.6, sharey=True, rows=2)
    for axis, arm in zip(axes, arms, strict=True):
        for line, rows in table[table["arm"] == arm].groupby("line"):
            color = "C0" if "positives" in str(line) else "C1"
            curve(axis, rows, "step", str(line), color=color, linestyle="--" if "unmixed" in str(line) else "-")
        axis.set(title=arm, xlabel="step", ylabel="mean score")
    axes[-1].legend(frameon=False, fontsize="small")
    return figure


def distance(table: DataFrame, score: float) -> Figure:
    """Left: c over lambda. Right: the score of a mixed positive, raw and renormalized. Columns: share, c, raw,
    renormalized."""
    figure, (left, right) = panels(2)
    for axis in (left, right):
        axis.axvspan(0, 1, color="0.5", alpha=0.12, linewidth=0)
        axis.set(xlabel=r"$\lambda$")
    left.plot(table["share"], table["c"])
    left.set(ylabel=r"$c = \lambda^2 + (1 - \lambda)^2$", ylim=(0, None))
    left.text(0.5, 4.6, "interpolation", ha="center")
    left.text(1.5, 4.6, "extrapolation", ha="center")
    for column, style in (("raw", "-"), ("renormalized", "--")):
        right.plot(table["share"], table[column], style, label=column)
    right.axhline(score, color="0.5", linewidth=1)
    right.text(2, score, "unmixed", ha="right", va="bottom", color="0.3")
    right.set(ylabel="score of the positive")
    right.legend(frameon=False, loc="lower left")
    return figure
