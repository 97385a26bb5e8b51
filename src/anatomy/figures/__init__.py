"""One figure, one function: table -> Figure. A figure trains nothing and computes no statistics.

A table with `mean`, `low` and `high` comes from `analysis.over_seeds`.
"""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

Levels = Mapping[str, float]  # accuracies that others are held against, by name
NONE: Levels = {}
MARKERS = "osD^vP"  # of lines: they are told apart without color too


def panels(
    count: int, height: float = 3.4, width: float = 4.4, sharey: bool = False, rows: int = 1
) -> tuple[Figure, list[Axes]]:
    """A figure with so many panels side by side in each row, in the book's style: colors that the color-blind can tell
    apart. Inches: `height` of the figure, `width` of a panel."""
    sns.set_theme(context="notebook", style="ticks", palette="colorblind", font_scale=0.9)
    size = (width * count, height)
    figure, axes = plt.subplots(rows, count, figsize=size, layout="constrained", squeeze=False, sharey=sharey)
    figure.set_dpi(120)
    sns.despine(figure)
    return figure, list(axes.flat)


def curve(axis: Axes, rows: DataFrame, x: str, label: str, **style: Any) -> None:  # of matplotlib
    """A mean with its interval over seeds; markers, so that lines are told apart without color too."""
    (line,) = axis.plot(rows[x], rows["mean"], label=label, **style)
    axis.fill_between(rows[x], rows["low"], rows["high"], color=line.get_color(), alpha=0.2, linewidth=0)


def floors(axis: Axes, levels: Levels, *, across: bool = False) -> None:
    """A line at each accuracy that others are held against, by its name; `across` where accuracy is the y-axis."""
    for (label, level), style in zip(levels.items(), (":", "-.", "--"), strict=False):
        draw = axis.axhline if across else axis.axvline
        draw(level, color="0.4", linestyle=style, linewidth=1.3, zorder=0, label=label)


def legend_below(figure: Figure) -> None:
    """Under all panels, each entry once; nothing where nothing has a name."""
    entries = {name: line for axis in figure.axes for line, name in zip(*axis.get_legend_handles_labels(), strict=True)}
    if entries:
        figure.legend(entries.values(), entries, loc="outside lower center", ncols=3, frameon=False, fontsize="small")
