"""What a cost does as the work grows."""

from math import ceil

from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import MARKERS, legend_below, panels


def cost_over_work(points: DataFrame) -> Figure:
    """A panel for each cost, logarithmic in both directions, and a line for each processor.

    Columns: what, x and y (the axes' labels), processor, at, cost. Up to three panels a row.
    """
    costs = list(dict.fromkeys(points["what"]))
    rows = ceil(len(costs) / 3)
    figure, axes = panels(ceil(len(costs) / rows), height=3.0 * rows, width=3.6, rows=rows)
    colors = {name: f"C{place}" for place, name in enumerate(dict.fromkeys(points["processor"]))}
    for axis, what in zip(axes, costs, strict=False):
        own = points[points["what"] == what]
        for place, (processor, line) in enumerate(own.groupby("processor", sort=False)):
            axis.plot(line["at"], line["cost"], MARKERS[place] + "-", color=colors[str(processor)], label=processor)
        axis.set(xscale="log", yscale="log", xlabel=own["x"].iloc[0], ylabel=own["y"].iloc[0])
        axis.set_title(what, fontsize="small")
    for axis in axes[len(costs) :]:
        axis.set_axis_off()
    legend_below(figure)
    return figure
