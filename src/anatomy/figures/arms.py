"""Arms of a study side by side: what they learn to see alike, and what a classifier makes of it."""

from matplotlib.figure import Figure
from pandas import DataFrame

from anatomy.figures import curve, panels


def similarity_training(positive: DataFrame, negative: DataFrame) -> Figure:
    """Mean similarity of positives (solid) and negatives (dashed) over the steps. Columns: arm, batch_size, step, mean,
    low, high."""
    sizes = sorted(positive["batch_size"].unique())
    figure, axes = panels(len(sizes), sharey=True)
    for axis, size in zip(axes, sizes, strict=True):
        for color, (arm, rows) in enumerate(positive[positive["batch_size"] == size].groupby("arm")):
            others = negative[(negative["batch_size"] == size) & (negative["arm"] == arm)]
            curve(axis, rows, "step", f"{arm}: positives", color=f"C{color}")
            curve(axis, others, "step", f"{arm}: negatives", color=f"C{color}", linestyle="--")
        axis.set(title=f"{size} images a step", xlabel="step")
    axes[0].set(ylabel="mean similarity", ylim=(-0.1, 1))
    axes[0].legend(frameon=False, fontsize="small")
    return figure


def accuracy(table: DataFrame, points: DataFrame) -> Figure:
    """kNN accuracy of each arm, its interval, and every seed as a dot. Columns: arm, batch_size, mean, low, high; arm,
    batch_size, accuracy."""
    figure, (axis,) = panels(1)
    rows = table.sort_values(["batch_size", "arm"]).reset_index(drop=True)
    for place, row in enumerate(rows.to_dict("records")):
        dots = points[(points["arm"] == row["arm"]) & (points["batch_size"] == row["batch_size"])]["accuracy"]
        axis.plot(dots, [place] * len(dots), "o", color="0.6", markersize=4)
        axis.plot([row["low"], row["high"]], [place, place], color="C0", linewidth=2)
        axis.plot(row["mean"], place, "D", color="C0")
    axis.set_yticks(range(len(rows)), [f"{arm}, {size} a step" for arm, size in rows[["arm", "batch_size"]].to_numpy()])
    axis.set(xlabel="kNN accuracy on unseen images, %", ylim=(-0.6, len(rows) - 0.4))
    return figure
