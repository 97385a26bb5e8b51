"""One figure, one function: table -> Figure. A figure trains nothing and computes no statistics.

A table with `mean`, `low`, `high` and `seeds` comes from `analysis.over_seeds`.
"""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter
from pandas import DataFrame, Index, Series

from anatomy.figures.drawn import drawn as drawn
from anatomy.figures.looks import GRAY, Look
from anatomy.figures.sheet import LETTER, SMALL, on_phone
from anatomy.figures.sheet import outer as outer
from anatomy.figures.sheet import panels as panels

NONE = DataFrame(columns=["label", "accuracy", "keys"])  # accuracies that others are held against: `arms.floor.lines`
FEW = 4  # seeds: up to so many are lines of their own, since their interval would fill the panel
POINTS = 240  # of a line: a panel has about as many pixels, and the table has all
SHORT = 14  # letters of a name that may stand beside its line
TALL = 11  # names in a legend that is as tall as a panel
LINE = 1.25  # height of a line of type, of its size


def curve(axis: Axes, rows: DataFrame, x: str, label: str, look: Look, **style: Any) -> None:  # of matplotlib
    """A mean over seeds, and each seed as a thin line, or where there are many the 95 % interval as a band."""
    rows = rows.iloc[:: ceil(len(rows) / POINTS)] if len(rows) > POINTS else rows
    plot(axis, rows[x], rows["mean"], look, label=label, **style)
    counts = rows["by_seed"].map(len) if "by_seed" in rows else rows["mean"].map(lambda _: FEW + 1)
    if counts.max() > FEW:
        axis.fill_between(rows[x], rows["low"], rows["high"], color=look.color, alpha=0.18, linewidth=0)
    elif counts.nunique() == 1 and counts.iloc[0] > 1:
        axis.plot(
            rows[x], [list(each) for each in rows["by_seed"]], color=look.color, linewidth=0.6, alpha=0.55, zorder=1
        )


def lines(axis: Axes, table: DataFrame, x: str, look: Mapping[str, Look], *, marked: bool = False) -> None:
    """A curve for each arm of the table, in the order of its rows."""
    for arm, rows in table.groupby("arm", sort=False):
        of = look[str(arm)]
        curve(axis, rows, x, str(arm), of, marker=of.marker if marked else "")


def plot(axis: Axes, x: Series | Index, y: Series, look: Look, **style: Any) -> None:  # of matplotlib
    """A line that looks as its arm does."""
    axis.plot(x, y, color=look.color, linestyle=look.linestyle, **style)


def floors(axis: Axes, levels: DataFrame, *, across: bool = False) -> None:
    """A line at each accuracy that others are held against, by its name; `across` where accuracy is the y-axis."""
    for row, style in zip(levels.to_dict("records"), (":", "-.", "--"), strict=False):
        draw = axis.axhline if across else axis.axvline
        draw(row["accuracy"], color=GRAY, linestyle=style, linewidth=1.1, zorder=0, label=row["label"])


def ticks(axis: Axes, values: Series, form: str = "g") -> None:
    """A logarithmic x-axis with these values on it; on a telephone every second of many."""
    known = sorted(values.unique())
    shown = known[:: 2 if on_phone() and len(known) > 6 else 1]
    axis.set_xscale("log")
    axis.set_xticks(shown, [f"{value:{form}}" for value in shown])
    axis.xaxis.set_minor_locator(NullLocator())


def logarithmic(axis: Axes) -> None:
    """The y-axis, with numbers as one writes them; 2 and 5 too where it spans little."""
    axis.set_yscale("log")
    low, high = axis.get_ylim()
    if high < 60 * low:
        axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axis.yaxis.set_minor_locator(NullLocator())


# --- names of lines: beside them where there is room, else in one legend, never over data


def name_lines(figure: Figure, axes: Iterable[Axes], title: str = "") -> None:
    """The lines with a name, each named once: at its right end if all names are short, else in a legend."""
    entries = {name: line for axis in axes for line, name in zip(*axis.get_legend_handles_labels(), strict=True)}
    if not entries:
        return
    plain = all(isinstance(line.get_label(), str) for line in entries.values())
    if plain and max(map(len, entries)) <= SHORT and len(entries) <= 6 and not title:
        for axis in axes:
            name_at_end(axis, figure.get_figheight())
    else:
        legend(figure, entries, title)


def name_at_end(axis: Axes, inches: float) -> None:
    """Each named line by its name at its right end, one below the other where they would meet; in a figure that is so
    high."""
    named = zip(*axis.get_legend_handles_labels(), strict=True)
    lines = [(line, name) for line, name in named if isinstance(line, Line2D) and len(np.asarray(line.get_xydata()))]
    low, high = axis.get_ylim()
    axis.set_ylim(low, high)
    to_share = axis.transData + axis.transAxes.inverted()
    at = [float(to_share.transform(np.asarray(line.get_xydata())[-1])[1]) for line, _ in lines]
    step = SMALL * LINE / (axis.get_position().height * inches * 72)
    for (line, name), share in zip(lines, apart(at, step), strict=True):
        axis.text(1.02, share, name, transform=axis.transAxes, va="center", fontsize=SMALL, color=line.get_color())


def apart(places: list[float], step: float) -> list[float]:
    """Shares of a height, moved as little as it takes for neighbors to be `step` from each other, within 0 to 1."""
    order = sorted(range(len(places)), key=places.__getitem__)
    found = dict.fromkeys(order, 0.0)
    lowest = step / 2
    for number in order:
        found[number] = lowest = max(min(max(places[number], 0.0), 1.0), lowest)
        lowest += step
    highest = max(1.0, step * len(places)) - step / 4
    for number in reversed(order):
        found[number] = highest = min(found[number], highest)
        highest -= step
    return [found[number] for number in range(len(places))]


def legend(figure: Figure, entries: Mapping[str, Artist], title: str = "") -> None:
    """Where a panel could stand and none does, else under all panels."""
    given: dict[str, Any] = {"handles": [*entries.values()], "labels": [*entries], "title": title or None}
    spare = next((axis for axis in figure.axes if not axis.axison), None)
    if spare is not None and 0 < len(entries) <= TALL:
        spare.legend(**given, loc="center", frameon=False)
    elif entries:
        across = max(map(len, entries)) * SMALL * LETTER + 3.6 * SMALL  # points: a name, its line, what is between
        columns = max(1, min(len(entries), int(figure.get_figwidth() * 72 // across)))
        lines = ceil(len(entries) / columns) + (title != "")
        figure.set_figheight(figure.get_figheight() + lines * SMALL * 1.6 / 72)
        figure.legend(**given, loc="outside lower center", ncols=columns, frameon=False)


def legend_below(figure: Figure) -> None:
    """Under all panels, each entry once; nothing where nothing has a name."""
    named = (zip(*axis.get_legend_handles_labels(), strict=True) for axis in figure.axes)
    legend(figure, {name: line for pairs in named for line, name in pairs})
