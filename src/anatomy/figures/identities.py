"""How exactly an identity holds."""

from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import panels


def identity_errors(table: DataFrame, tolerance: float) -> Figure:
    """Largest relative error of each identity over temperature, beside the tolerance. Columns: identity, temperature,
    error."""
    figure, (axis,) = panels(1)
    for marker, (identity, rows) in zip("osD", table.groupby("identity"), strict=False):
        worst = rows.groupby("temperature")["error"].max()
        axis.plot(worst.index, worst, marker=marker, label=str(identity))
    axis.axhline(tolerance, color="0.4", linestyle="--")
    axis.text(axis.get_xlim()[1], tolerance, "tolerance ", ha="right", va="top", color="0.3")
    axis.set(xscale="log", yscale="log", xlabel="temperature $T$", ylabel="largest relative error")
    axis.legend(frameon=False, loc="center right")
    return figure
