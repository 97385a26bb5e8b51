"""How unequal the anchors are: W over dictionary and temperature, and W while a network learns."""

from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import curve, drawn, logarithmic, name_lines, outer, panels, ticks
from anatomy.figures.looks import looks


@drawn
def hardness_grid(spread: DataFrame, level: DataFrame) -> Figure:
    """Spread (left) and mean (right) of W over the number of negatives, one line a temperature.

    Both tables: negatives, temperature, mean, low, high, by_seed.
    """
    figure, axes = panels(2)
    look = looks(f"T = {temperature:g}" for temperature in sorted(spread["temperature"].unique()))
    for axis, table, what in zip(axes, (spread, level), ("spread of $W$ (sd / mean)", "mean of $W$"), strict=True):
        for temperature, rows in table.groupby("temperature"):
            name = f"T = {float(str(temperature)):g}"
            curve(axis, rows, "negatives", name, look[name], marker=look[name].marker)
        ticks(axis, table["negatives"], ",g")
        axis.set(xlabel="negatives of an anchor, $K$", ylabel=what)
    logarithmic(axes[0])
    axes[1].set_ylim(0, 1.02)
    name_lines(figure, axes)
    return figure


@drawn
def hardness_training(table: DataFrame) -> Figure:
    """Spread of W over the steps of training, one line an arm. Columns: arm, batch_size, step, mean, low, high,
    by_seed."""
    sizes = sorted(table["batch_size"].unique())
    figure, axes = panels(len(sizes), sharey=True)
    look = looks(table["arm"])
    for axis, size in zip(axes, sizes, strict=True):
        for arm, rows in table[table["batch_size"] == size].groupby("arm"):
            curve(axis, rows, "step", str(arm), look[str(arm)])
        axis.set(title=f"{size} images a step, $K$ = {size - 1}", xlabel="step", ylabel="spread of $W$ (sd / mean)")
        outer(axis)
    axes[0].set(ylim=(0, None))
    name_lines(figure, axes)
    return figure
