"""How exactly an identity holds."""

from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import drawn, legend_below, panels, plot, ticks
from anatomy.figures.looks import looks
from anatomy.figures.sheet import SMALL

LEAST = 1e-17  # of a relative error in float64 that is not 0; rounding leaves about 1e-16


@drawn
def identity_errors(table: DataFrame, tolerance: float) -> Figure:
    """Largest relative error of each identity over temperature, beside the tolerance; an error of 0 at the bottom,
    where the axis becomes linear. Columns: identity, temperature, error."""
    figure, (axis,) = panels(1)
    look = looks(sorted(table["identity"].unique()))
    for identity, rows in table.groupby("identity"):
        worst, of = rows.groupby("temperature")["error"].max(), look[str(identity)]
        plot(axis, worst.index, worst, of, label=str(identity), marker=of.marker)
    axis.axhline(tolerance, color="0.4", linestyle="--", linewidth=1)
    axis.set_yscale("symlog", linthresh=LEAST)
    axis.set_ylim(bottom=-LEAST / 4)
    ticks(axis, table["temperature"])
    axis.text(1, tolerance, "tolerance", ha="right", va="bottom", fontsize=SMALL, transform=axis.get_yaxis_transform())
    axis.set(xlabel="temperature $T$", ylabel="largest relative error")
    legend_below(figure)
    return figure
