"""An effect over the length of training: one panel a contrast."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import drawn, panels, ticks
from anatomy.figures.looks import BLUE, RED
from anatomy.figures.sheet import SMALL

NOTHING: Mapping[str, float] = {}


@drawn
def effect_over_passes(points: DataFrame, means: DataFrame, stated: Mapping[str, float] = NOTHING) -> Figure:
    """Each seed's effect as a dot and the mean with its 95 % interval, over passes on a logarithmic axis.

    Columns: contrast, unit, epochs, seed, effect; contrast, unit, epochs, mean, low, high. `stated`: by contrast, the
    effect that its paper states, a tick at the right edge.
    """
    contrasts = list(dict.fromkeys(means["contrast"]))
    figure, axes = panels(len(contrasts), height=2.3)
    for axis, contrast in zip(axes, contrasts, strict=True):
        seeds, mean = (table[table["contrast"] == contrast] for table in (points, means))
        _panel(axis, seeds, mean.sort_values("epochs"))
        axis.set_title(contrast)
        _tick(axis, contrast, stated)
    return figure


def _panel(axis: Axes, points: DataFrame, means: DataFrame) -> None:
    axis.axhline(0, color="0.5", linewidth=1, zorder=0)
    axis.plot(points["epochs"], points["effect"], "o", color="0.6", markersize=3)
    off = [means["mean"] - means["low"], means["high"] - means["mean"]]
    axis.errorbar(means["epochs"], means["mean"], yerr=off, fmt="D-", color=BLUE, markersize=5, linewidth=1.5)
    passes = sorted(means["epochs"])
    ticks(axis, means["epochs"])
    axis.set(xlabel="passes over the images", xlim=(passes[0] / 1.5, passes[-1] * 1.5))
    axis.set_ylabel(f"effect, {means['unit'].iloc[0]}".rstrip(" ,"))


def _tick(axis: Axes, contrast: str, stated: Mapping[str, float]) -> None:
    """The paper's own value, which is of a training of another length and size."""
    if contrast in stated:
        axis.axhline(stated[contrast], xmin=0.94, color=RED, linewidth=3)
        axis.annotate(
            "stated", (0.92, stated[contrast]), xycoords=("axes fraction", "data"), ha="right", va="center", color=RED,
            fontsize=SMALL,
        )  # fmt: skip
