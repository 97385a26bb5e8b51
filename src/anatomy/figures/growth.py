"""What a cost does as the work grows."""

from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import drawn, legend_below, logarithmic, panels, plot, ticks
from anatomy.figures.looks import looks
from anatomy.figures.sheet import SMALL

FEW = 100  # times: over so much each size is named on the axis, and over more only the first and the last


@drawn
def cost_over_work(points: DataFrame) -> Figure:
    """A panel for each cost, logarithmic in both directions, and a line with its slope for each processor.

    Columns: what, x and y (the axes' labels), processor, at, cost, slope.
    """
    costs = list(dict.fromkeys(points["what"]))
    figure, axes = panels(len(costs))
    look = looks(points["processor"])
    for axis, what in zip(axes, costs, strict=True):
        own = points[points["what"] == what]
        for processor, line in own.groupby("processor", sort=False):
            of = look[str(processor)]
            plot(axis, line["at"], line["cost"], of, marker=of.marker, label=str(processor))
            at, cost, slope = line.iloc[-1][["at", "cost", "slope"]]
            axis.annotate(
                f"slope {slope:.2f}", (at, cost), xytext=(0, 4), textcoords="offset points", color=of.color,
                fontsize=SMALL, ha="right", va="bottom",
            )  # fmt: skip
        axis.set(xlabel=own["x"].iloc[0], ylabel=own["y"].iloc[0], title=what)
        logarithmic(axis)
        few = own["at"].max() < FEW * own["at"].min()
        ticks(axis, own["at"] if few else own["at"].iloc[[0, -1]], ",.0f")
    legend_below(figure)
    return figure
