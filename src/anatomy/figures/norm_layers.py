"""Normalization layers side by side: bands between learning rates, noise, batch size, cost."""

from collections.abc import Mapping

from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import NONE, curve, drawn, floors, lines, logarithmic, name_lines, outer, panels, ticks
from anatomy.figures.looks import Look, looks
from anatomy.figures.sheet import SMALL

ORDER = ["BN", "GN", "no norm", "GN+", "GN and WS", "BCN", "LN", "IN"]


@drawn
def bands(loss: DataFrame, change: DataFrame) -> Figure:
    """Loss (left) and change of the head's gradient (right): the band between learning rates, one a layer.

    Columns: layer, step, low, high.
    """
    figure, axes = panels(2)
    for axis, table, what in zip(axes, (loss, change), ("training loss, nats", "$||g_t - g_{t-1}||$"), strict=True):
        for layer, rows, look in _layers(table):
            axis.fill_between(rows["step"], rows["low"], rows["high"], color=look.color, alpha=0.22, linewidth=0)
            axis.plot(rows["step"], rows["high"], color=look.color, linewidth=1.2, label=layer)
            axis.plot(rows["step"], rows["low"], color=look.color, linewidth=1, linestyle=":")
        axis.set(xlabel="step", ylabel=what)
    axes[1].set_ylim(0, None)
    name_lines(figure, axes)
    return figure


@drawn
def smoothness(edges: DataFrame, along: DataFrame) -> Figure:
    """The authors' smoothness (left), and that along the gradient from one point (right).

    Columns: layer, step, mean, low, high, by_seed.
    """
    figure, axes = panels(2)
    words = ("largest $||g_t - g_{t-1}||$", "largest $||g(moved) - g|| \\,/\\, distance$")
    for axis, table, what in zip(axes, (edges, along), words, strict=True):
        for layer, rows, look in _layers(table):
            curve(axis, rows, "step", layer, look)
        axis.set(xlabel="step", ylabel=what)
        logarithmic(axis)
    axes[0].set_title("between learning rates, head only")
    axes[1].set_title("along the gradient, all weights")
    name_lines(figure, axes)
    return figure


@drawn
def ratio(table: DataFrame, band: float) -> Figure:
    """No normalization over GN: above 1 GN helps; shaded, equal to within `band`. Columns: step, mean, low, high,
    by_seed."""
    figure, (axis,) = panels(1)
    axis.axhspan(1 / (1 + band), 1 + band, color="0.5", alpha=0.15, linewidth=0)
    axis.axhline(1, color="0.5", linewidth=1)
    curve(axis, table, "step", "", looks(["GN"])["GN"])
    axis.set(xlabel="step", ylabel="upper edge of the loss,\nno norm over GN")
    return figure


@drawn
def noise(table: DataFrame, chance: float) -> Figure:
    """Training loss under noise, one line an arm. Columns: arm, step, mean, low, high, by_seed; `chance` in nats."""
    figure, (axis,) = panels(1)
    axis.axhline(chance, color="0.5", linestyle="--", linewidth=1)
    axis.text(1.01, chance, "guessing", va="center", fontsize=SMALL, color="0.3", transform=axis.get_yaxis_transform())
    lines(axis, table, "step", looks(table["arm"]), marked=True)
    axis.set(xlabel="step", ylabel="training loss, nats")
    name_lines(figure, [axis])
    return figure


@drawn
def sweep(tables: Mapping[str, DataFrame], below: Mapping[str, DataFrame] | None = None) -> Figure:
    """Accuracy over the batch size, one line a layer, one panel a table, by its title; `below`: other lines of a panel.

    Columns: layer, batch_size, mean, low, high, by_seed; label, accuracy.
    """
    figure, axes = panels(len(tables), height=3.0, sharey=True)
    for axis, (title, table) in zip(axes, tables.items(), strict=True):
        for layer, rows, look in _layers(table):
            curve(axis, rows.sort_values("batch_size"), "batch_size", layer, look, marker=look.marker)
        ticks(axis, table["batch_size"])
        floors(axis, (below or {}).get(title, NONE), across=True)
        axis.set(xlabel="images a step", title=title, ylabel="accuracy on unseen images, %")
        outer(axis)
    name_lines(figure, axes)
    return figure


@drawn
def costs(table: DataFrame) -> Figure:
    """Milliseconds a step, one bar a layer. Columns: layer, mean, low, high."""
    figure, (axis,) = panels(1, height=0.75 + 0.3 * len(table))
    for place, (layer, rows, look) in enumerate(_layers(table)):
        (row,) = rows.to_dict("records")
        axis.barh(place, row["mean"], color=look.color, alpha=0.45, height=0.7)
        axis.plot([row["low"], row["high"]], [place, place], color="0.3")
        axis.text(0, place, f" {layer}", va="center", color="0.1")
    axis.set(xlabel="milliseconds a step, forward and backward", yticks=[])
    axis.invert_yaxis()
    return figure


def _layers(table: DataFrame) -> list[tuple[str, DataFrame, Look]]:
    """The rows and the look of each layer, in the book's order."""
    found = {str(layer): rows for layer, rows in table.groupby("layer")}
    order = sorted(found, key=lambda layer: (ORDER.index(layer) if layer in ORDER else len(ORDER), layer))
    look = looks(order)
    return [(layer, found[layer], look[layer]) for layer in order]
