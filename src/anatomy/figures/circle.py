"""What intra-anchor and inter-anchor mean, on four points of a circle."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ArrowStyle, Circle, FancyArrowPatch
from pandas import DataFrame

from anatomy.figures import drawn, panels
from anatomy.figures.looks import BLUE, NEGATIVE, POSITIVE
from anatomy.figures.sheet import SMALL

POINTS_WIDE = 11  # printer's points, the width of an arrow of weight 1
PUSH = 0.45  # length of an arrow away from a negative; the circle has radius 1


@drawn
def inter_and_intra(table: DataFrame) -> Figure:
    """Left: one anchor, an arrow for each force, as wide as its share. Right: two anchors, arrows as wide as W.

    Columns: picture ("intra" or "inter"), anchor, other (degrees), role, share, weight; see analysis.circle.
    """
    figure, (left, right) = panels(2, height=3.1)
    pushes(left, table[table["picture"] == "intra"])
    pulls(right, table[table["picture"] == "inter"])
    left.set_title("intra-anchor: the nearer negative\npushes harder")
    right.set_title("inter-anchor: an anchor that has found\nits positive is pulled less")
    return figure


def pushes(axis: Axes, rows: DataFrame) -> None:
    """From the anchor to its positive, and away from each negative, along the line that joins the two."""
    ring(axis)
    anchor = place(rows["anchor"].iloc[0])
    axis.plot(*anchor, "o", color=BLUE, markersize=8, zorder=3)
    x, y = 0.87 * anchor
    axis.text(x, y, "anchor", ha="center", va="top", fontsize=SMALL)  # inside: the pushes are outside
    for row in rows.to_dict("records"):
        other = place(row["other"])
        if row["role"] == "positive":
            point(axis, row["other"], "positive", POSITIVE)
            arrow(axis, anchor, other, row["share"], POSITIVE)
            continue
        point(axis, row["other"], f"negative\n$\\hat p$ = {row['share']:.2f}", NEGATIVE)
        axis.plot(*np.transpose([other, anchor]), ":", color=NEGATIVE)
        away = (anchor - other) / np.linalg.norm(anchor - other)
        arrow(axis, anchor, anchor + PUSH * away, row["share"], NEGATIVE)


def pulls(axis: Axes, rows: DataFrame) -> None:
    """From each anchor to its positive."""
    ring(axis)
    for number, row in enumerate(rows[rows["role"] == "positive"].to_dict("records"), start=1):
        point(axis, row["anchor"], f"anchor {number}\n$W$ = {row['weight']:.2f}", BLUE)
        point(axis, row["other"], f"positive of {number}", POSITIVE)
        arrow(axis, place(row["anchor"]), place(row["other"]), row["weight"], POSITIVE)


def ring(axis: Axes) -> None:
    axis.add_patch(Circle((0, 0), 1, fill=False, color="0.75"))
    axis.set(aspect="equal", xlim=(-1.6, 1.6), ylim=(-1.05, 1.4))
    axis.axis("off")


def place(angle: float) -> np.ndarray:
    """The point of the unit circle at an angle in degrees."""
    return np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])


def point(axis: Axes, angle: float, words: str, color: str) -> None:
    """A dot on the circle, its name outside."""
    x, y = place(angle)
    axis.plot(x, y, "o", color=color, markersize=8, zorder=3)
    side = "center" if abs(x) < 0.1 else "left" if x > 0 else "right"
    axis.text(1.12 * x, 1.12 * y, words, ha=side, va="bottom" if y > 0.3 else "center", fontsize=SMALL)


def arrow(axis: Axes, start: np.ndarray, end: np.ndarray, weight: float, color: str) -> None:
    wide = POINTS_WIDE * weight
    ends = [(float(x), float(y)) for x, y in (start, end)]
    style = ArrowStyle.Simple(tail_width=wide, head_width=wide + 7, head_length=wide / 2 + 6)
    axis.add_patch(FancyArrowPatch(*ends, arrowstyle=style, mutation_scale=1, color=color, alpha=0.75, linewidth=0))
