"""How fast recipes learn."""

from matplotlib.figure import Figure
from pandas import DataFrame, Series

from anatomy.figures import curve, drawn, floors, legend_below, panels, ticks
from anatomy.figures.looks import looks


@drawn
def accuracy_over_time(points: DataFrame, floor: DataFrame) -> Figure:
    """kNN accuracy over CPU minutes, a line a recipe.

    Columns of points: recipe, minutes, mean, low, high, by_seed (`over_seeds`); of floor: label, accuracy.
    """
    figure, (axis,) = panels(1)
    look = looks(points["recipe"])
    for recipe, line in points.groupby("recipe", sort=False):
        own = look[str(recipe)]
        curve(axis, line, "minutes", str(recipe), own, marker=own.marker, markersize=4)
    floors(axis, floor, across=True)
    axis.set(xlabel="CPU minutes of one core", ylabel="kNN accuracy, %")
    doubled = Series([2.0**power for power in range(-3, 9)])
    ticks(axis, doubled[doubled.between(points["minutes"].min() / 2, points["minutes"].max() * 1.5)])
    legend_below(figure)
    return figure
