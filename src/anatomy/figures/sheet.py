"""The two sheets that a figure is drawn on, a page and a telephone, and its panels in rows on one of them.

A page shows a drawing at its own size, so a point of its type is 4/3 CSS pixels: 9 points, the smallest, are 12.
"""

import re
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import ceil

import matplotlib.pyplot as plt
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import AutoLocator, MaxNLocator

TYPE, SMALL = 9.5, 9.0  # points: of axes, and of what stands beside lines


@dataclass(frozen=True)
class Sheet:
    """`width` in inches, of which a page makes 96 CSS pixels each; `columns`: the most panels side by side."""

    name: str
    width: float
    columns: int


SCREEN, PHONE = Sheet("screen", 6.85, 2), Sheet("phone", 3.4, 1)  # 658 and 326 CSS pixels, as wide as a page's text
SHEETS = (SCREEN, PHONE)
_sheet: ContextVar[Sheet] = ContextVar("sheet", default=SCREEN)


@contextmanager
def drawn_on(sheet: Sheet) -> Iterator[None]:
    """What is drawn within is drawn on this sheet."""
    token = _sheet.set(sheet)
    try:
        yield
    finally:
        _sheet.reset(token)


def on_phone() -> bool:
    return _sheet.get() is PHONE


def panels(
    count: int, height: float = 2.7, *, sharey: bool = False, narrow: bool = False, wide: bool = False
) -> tuple[Figure, list[Axes]]:
    """A figure of so many panels, two a row where there is room, in the book's style. `height` of a panel in inches;
    one without neighbors takes 0.72 of the page, or all if it is `wide`. `narrow` panels stand two a row on a telephone
    too."""
    sheet = _sheet.get()
    columns = min(count, 2 if narrow else sheet.columns)
    rows = ceil(count / columns)
    sns.set_theme(context="paper", style="ticks", rc=STYLE)
    width = sheet.width if columns > 1 or wide or sheet is PHONE else 0.72 * sheet.width
    figure, axes = plt.subplots(
        rows, columns, figsize=(width, height * rows), layout="constrained", squeeze=False, sharey=sharey
    )
    sns.despine(figure)
    for axis in axes.flat[count:]:
        axis.set_axis_off()
    return figure, list(axes.flat[:count])


def outer(axis: Axes) -> None:
    """No label at the y-axis of a panel whose neighbor on the left has the same."""
    place = axis.get_subplotspec()
    if place is not None and not place.is_first_col():
        axis.set_ylabel("")


def fit_labels(figure: Figure) -> None:
    """Titles and labels in as many lines as it takes to be no longer than their panel; few numbers along x."""
    for axis in figure.axes:
        place = axis.get_subplotspec()
        if place is None:
            continue
        grid, (width, height) = place.get_gridspec(), figure.get_size_inches() * 72
        if isinstance(axis.xaxis.get_major_locator(), AutoLocator):
            axis.xaxis.set_major_locator(MaxNLocator(MOST_TICKS, steps=[1, 2, 2.5, 5, 10]))
        axis.title.set_text(wrapped(axis.get_title(), 0.8 * width / grid.ncols))
        axis.set_xlabel(wrapped(axis.get_xlabel(), 0.8 * width / grid.ncols))
        axis.set_ylabel(wrapped(axis.get_ylabel(), 0.75 * height / grid.nrows))


def wrapped(text: str, points: float, size: float = TYPE) -> str:
    """In lines of so many points; a formula is one word."""
    whole = re.sub(r"\$[^$]*\$", lambda formula: formula[0].replace(" ", HARD), text)
    lines = textwrap.wrap(whole, max(8, int(points / (size * LETTER))), break_long_words=False)
    return "\n".join(lines).replace(HARD, " ")


MOST_TICKS = 5  # intervals along x
HARD = "\x00"  # a space that no line ends at
LETTER = 0.58  # width of one, of its size
STYLE = {
    "font.size": TYPE,
    **dict.fromkeys(("axes.labelsize", "axes.titlesize", "xtick.labelsize", "ytick.labelsize"), TYPE),
    **dict.fromkeys(("legend.fontsize", "legend.title_fontsize"), SMALL),
    "axes.edgecolor": "0.35",
    "axes.labelcolor": "0.15",
    "axes.linewidth": 0.8,
    **dict.fromkeys(("xtick.color", "ytick.color"), "0.35"),
    **dict.fromkeys(("xtick.labelcolor", "ytick.labelcolor"), "0.15"),
    "lines.linewidth": 1.6,
    "lines.markersize": 4.5,
    "figure.dpi": 96,
}
