"""How unequal the anchors are: W over dictionary and temperature, and W while a network learns."""

from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import MARKERS, curve, panels


def hardness_grid(spread: DataFrame, level: DataFrame) -> Figure:
    """Spread (left) and mean (right) of W over the number of negatives, one line a temperature.

    Both tables: negatives, temperature, mean, low, high.
    """
    figure, axes = panels(2)
    sizes = sorted(spread["negatives"].unique())
    for axis, table, what in zip(axes, (spread, level), ("spread of $W$ (sd / mean)", "mean of $W$"), strict=True):
        for marker, (temperature, rows) in zip(MARKERS, table.groupby("temperature"), strict=False):
            curve(axis, rows, "negatives", f"{temperature:g}", marker=marker, markersize=5)
        axis.set(xscale="log", xlabel="negatives of an anchor, $K$", ylabel=what)
        axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
        axis.minorticks_off()
    axes[0].set_yscale("log")
    axes[1].set_ylim(0, 1.02)
    axes[1].legend(title="temperature $T$", frameon=False)
    return figure


def hardness_training(table: DataFrame) -> Figure:
    """Spread of W over the steps of training, one line an arm. Columns: arm, batch_size, step, mean, low, high."""
    sizes = sorted(table["batch_size"].unique())
    figure, axes = panels(len(sizes), sharey=True)
    for axis, size in zip(axes, sizes, strict=True):
        for arm, rows in table[table["batch_size"] == size].groupby("arm"):
            curve(axis, rows, "step", str(arm))
        axis.set(title=f"{size} images a step, $K$ = {size - 1}", xlabel="step")
    axes[0].set(ylabel="spread of $W$ (sd / mean)", ylim=(0, None))
    axes[0].legend(frameon=False)
    return figure
