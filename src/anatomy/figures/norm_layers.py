"""Normalization layers side by side: bands between learning rates, noise, batch size, cost."""

from collections.abc import Mapping

from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator
from pandas import DataFrame

from anatomy.figures import MARKERS, NONE, Levels, curve, floors, panels

# The same layer has the same color and marker in every figure.
ORDER = ["BN", "GN", "no norm", "GN+", "GN and WS", "BCN", "LN", "IN"]


def look(layer: str) -> dict[str, str]:
    place = ORDER.index(layer) if layer in ORDER else len(ORDER)
    return {"color": f"C{place}", "marker": MARKERS[place % len(MARKERS)]}


def bands(loss: DataFrame, change: DataFrame) -> Figure:
    """Loss (left) and change of the head's gradient (right): the band between learning rates, one a layer.

    Columns: layer, step, low, high.
    """
    figure, axes = panels(2)
    for axis, table, what in zip(axes, (loss, change), ("training loss, nats", "$||g_t - g_{t-1}||$"), strict=True):
        for layer, rows in _layers(table):
            color = look(layer)["color"]
            axis.fill_between(rows["step"], rows["low"], rows["high"], color=color, alpha=0.3, linewidth=0, label=layer)
            axis.plot(rows["step"], rows["high"], color=color, linewidth=1)
            axis.plot(rows["step"], rows["low"], color=color, linewidth=1, linestyle=":")
        axis.set(xlabel="step", ylabel=what)
    axes[1].set_ylim(0, None)
    axes[0].legend(frameon=False)
    return figure


def smoothness(edges: DataFrame, along: DataFrame) -> Figure:
    """The authors' smoothness (left), and that along the gradient from one point (right).

    Columns: layer, step, mean, low, high.
    """
    figure, axes = panels(2)
    words = ("largest $||g_t - g_{t-1}||$", "largest $||g(moved) - g|| \\,/\\, distance$")
    for axis, table, what in zip(axes, (edges, along), words, strict=True):
        for layer, rows in _layers(table):
            curve(axis, rows, "step", layer, **look(layer), markersize=4)
        axis.set(xlabel="step", ylabel=what, yscale="log")
    axes[0].set_title("between learning rates, head only", fontsize="medium")
    axes[1].set_title("along the gradient, all weights", fontsize="medium")
    axes[1].legend(frameon=False)
    return figure


def ratio(table: DataFrame, band: float) -> Figure:
    """No normalization over GN: above 1 GN helps; shaded, equal to within `band`. Columns: step, mean, low, high."""
    figure, (axis,) = panels(1)
    axis.axhspan(1 / (1 + band), 1 + band, color="0.5", alpha=0.15, linewidth=0)
    axis.axhline(1, color="0.5", linewidth=1)
    curve(axis, table, "step", "", color="C1")
    axis.set(xlabel="step", ylabel="upper edge of the loss,\nno norm over GN")
    return figure


def noise(table: DataFrame, chance: float) -> Figure:
    """Training loss under noise, one line an arm. Columns: arm, step, mean, low, high; `chance` in nats."""
    figure, (axis,) = panels(1)
    axis.axhline(chance, color="0.5", linestyle="--")
    axis.text(table["step"].max(), chance, "guessing", ha="right", va="bottom", fontsize="small", color="0.4")
    for (arm, rows), marker in zip(table.groupby("arm", sort=False), MARKERS, strict=False):
        style = {"color": look(str(arm)[:2])["color"], "linestyle": ":" if "quarter" in str(arm) else "-"}
        curve(axis, rows, "step", str(arm), marker=marker, markersize=4, **style)
    axis.set(xlabel="step", ylabel="training loss, nats")
    axis.legend(frameon=False, fontsize="small", loc="lower left")
    return figure


def sweep(tables: Mapping[str, DataFrame], below: Mapping[str, Levels] | None = None) -> Figure:
    """Accuracy over the batch size, one line a layer, one panel a table, by its title; `below`: other lines of a panel.

    Columns: layer, batch_size, mean, low, high.
    """
    figure, axes = panels(len(tables), height=3.8, sharey=True)
    for axis, (title, table) in zip(axes, tables.items(), strict=True):
        for layer, rows in _layers(table):
            curve(axis, rows.sort_values("batch_size"), "batch_size", layer, **look(layer), markersize=5)
        sizes = sorted(table["batch_size"].unique())
        axis.set(xscale="log", xlabel="images a step", title=title)
        axis.set_xticks(sizes, [f"{size:g}" for size in sizes])
        axis.xaxis.set_minor_locator(NullLocator())
        floors(axis, (below or {}).get(title, NONE), across=True)
        axis.legend(frameon=False, fontsize="small")
    axes[0].set(ylabel="accuracy on unseen images, %")
    return figure


def costs(table: DataFrame) -> Figure:
    """Milliseconds a step, one bar a layer. Columns: layer, mean, low, high."""
    figure, (axis,) = panels(1, height=0.9 + 0.35 * len(table))
    for place, (layer, rows) in enumerate(_layers(table)):
        (row,) = rows.to_dict("records")
        axis.barh(place, row["mean"], color=look(layer)["color"], alpha=0.6)
        axis.plot([row["low"], row["high"]], [place, place], color="0.3")
        axis.text(0, place, f" {layer}", va="center")
    axis.set(xlabel="milliseconds a step, forward and backward", yticks=[])
    axis.invert_yaxis()
    return figure


def _layers(table: DataFrame) -> list[tuple[str, DataFrame]]:
    """The rows of each layer, in the book's order."""
    found = {str(layer): rows for layer, rows in table.groupby("layer")}
    return sorted(found.items(), key=lambda pair: (ORDER.index(pair[0]) if pair[0] in ORDER else len(ORDER), pair[0]))
