"""The chapter chapter_name: accuracy at each temperature, seed by seed."""

from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import drawn, panels, ticks
from anatomy.figures.looks import BLUE


@drawn
def over_temperature(table: DataFrame) -> Figure:
    """One line a seed. Columns: key, seed, temperature, accuracy."""
    figure, (axis,) = panels(1)
    for _, rows in table.sort_values("temperature").groupby("seed"):
        axis.plot(rows["temperature"], rows["accuracy"], color=BLUE, marker="o")
    ticks(axis, table["temperature"])
    axis.set(xlabel="temperature", ylabel="kNN accuracy, %")
    return figure
