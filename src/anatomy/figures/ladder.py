"""An effect over the length of training: one panel a contrast."""

from collections.abc import Mapping
from math import ceil

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from pandas import DataFrame

from anatomy.figures import NONE, Levels, panels


def effect_over_passes(points: DataFrame, means: DataFrame, stated: Levels = NONE) -> Figure:
    """Each seed's effect as a dot and the mean with its 95 % interval, over passes on a logarithmic axis.

    Columns: contrast, unit, epochs, seed, effect; contrast, unit, epochs, mean, low, high. `stated`: by contrast, the
    effect that its paper states, a tick at the right edge. Up to three panels a row.
    """
    contrasts = list(dict.fromkeys(means["contrast"]))
    rows = ceil(len(contrasts) / 3)
    figure, axes = panels(ceil(len(contrasts) / rows), height=3.2 * rows, width=3.6, rows=rows)
    for axis, contrast in zip(axes, contrasts, strict=False):
        own, mean = (table[table["contrast"] == contrast] for table in (points, means))
        _panel(axis, own, mean.sort_values("epochs"))
        axis.set_title(contrast, fontsize="small")
        _tick(axis, contrast, stated)
    for axis in axes[len(contrasts) :]:
        axis.set_axis_off()
    return figure


def _panel(axis: Axes, points: DataFrame, means: DataFrame) -> None:
    axis.axhline(0, color="0.5", linewidth=1, zorder=0)
    axis.plot(points["epochs"], points["effect"], "o", color="0.6", markersize=3)
    off = [means["mean"] - means["low"], means["high"] - means["mean"]]
    axis.errorbar(means["epochs"], means["mean"], yerr=off, fmt="D-", color="C0", markersize=5, linewidth=1.5)
    passes = sorted(means["epochs"])
    axis.set(xscale="log", xlabel="passes over the images")
    axis.set_xlim(passes[0] / 1.5, passes[-1] * 1.5)
    axis.set_xticks(passes, [f"{each:g}" for each in passes])
    axis.xaxis.set_minor_locator(NullLocator())
    axis.set_ylabel(f"effect, {means['unit'].iloc[0]}".rstrip(" ,"))


def _tick(axis: Axes, contrast: str, stated: Mapping[str, float]) -> None:
    """The paper's own value, which is of a training of another length and size."""
    if contrast in stated:
        axis.axhline(stated[contrast], xmin=0.94, color="C3", linewidth=3)
        axis.annotate(
            "stated", (0.92, stated[contrast]), xycoords=("axes fraction", "data"), ha="right", va="center",
            color="C3", fontsize="x-small",
        )  # fmt: skip
