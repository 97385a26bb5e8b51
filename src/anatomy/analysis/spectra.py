"""What the recorder `spectrum` wrote, for the eye: effective ranks over the steps, and a predictor along the axes."""

import pandas as pd

from anatomy.analysis.over_seeds import over_seeds

BACKBONE, PROJECTOR = 0, 1  # the recorder's column `part`, which is not imported here: it would bring torch
# What is drawn of a predictor along an axis, by the column.
NAMES = {
    "gain": "gain, share of the largest",
    "alignment": "cosine of image and axis",
    "root": "root of the eigenvalue",
}
TOLD = (2, 8, 32)  # axes of which a page says the numbers
MIDDLE = 8  # the axis at which a page says how singular values change


def ranks(table: pd.DataFrame) -> pd.DataFrame:
    """Effective rank by arm and step over seeds, `, backbone` behind an arm's name where it is that of h."""
    first = table[table["index"] == 1]
    part = first["part"].map({BACKBONE: ", backbone", PROJECTOR: ""})
    return over_seeds(first.assign(arm=first["arm"] + part), ["arm", "step"], "rank")


def along_axes(table: pd.DataFrame) -> pd.DataFrame:
    """Of one arm with a predictor, after its last step: columns arm (one of NAMES), index, mean, low, high, n, by_seed.

    The root is that of an eigenvalue over the largest: what DirectPred gives a predictor, but for its small constant
    (Tian et al. 2021, arXiv:2102.06810).
    """
    end = table[(table["part"] == PROJECTOR) & (table["step"] == table.groupby("key")["step"].transform("max"))]
    largest = end.groupby("key")["eigenvalue"].transform("max")
    rows = end.assign(root=(end["eigenvalue"] / largest) ** 0.5)
    long = rows.melt(["key", "seed", "index"], list(NAMES), "arm", "value").dropna(subset="value")
    return over_seeds(long.assign(arm=long["arm"].map(NAMES)), ["arm", "index"], "value")


def singular_values(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Of one arm, by the part of the network: columns arm (after how many passes: 1, 2, 4 .. and all), index, mean,
    low, high, n, by_seed. The roots of the eigenvalues, as shares of the largest after the same pass."""
    passes = table["step"].rank(method="dense").astype(int)  # the recorder writes after each
    largest = table.groupby(["key", "step", "part"])["eigenvalue"].transform("max")
    rows = table.assign(passes=passes, share=(table["eigenvalue"] / largest) ** 0.5)
    rows = rows[(passes & (passes - 1) == 0) | (passes == passes.max())]
    found = over_seeds(rows, ["part", "passes", "index"], "share")
    found["arm"] = ["1 pass" if n == 1 else f"{n} passes" for n in found["passes"]]
    parts = {"backbone": BACKBONE, "embedding": PROJECTOR}
    return {name: found[found["part"] == part].drop(columns=["part", "passes"]) for name, part in parts.items()}


def values_in_words(values: dict[str, pd.DataFrame]) -> str:
    """A point for each part: a singular value in the middle, after the first pass and after all."""
    told = []
    for part, table in values.items():
        of_axis = table[table["index"] == MIDDLE][["arm", "mean"]]
        if len(of_axis):
            (first, start), (last, end) = of_axis.iloc[[0, -1]].itertuples(index=False)
            told.append(f"- {part.capitalize()}: {start:.3f} of the largest after {first}, {end:.3f} after {last}.")
    return "\n".join(told)


def in_words(axes: pd.DataFrame) -> str:
    """A point for each of some axes: what DirectPred would make equal, and how far an axis is from an eigenvector."""
    wide = axes.pivot(index="index", columns="arm", values="mean")[list(NAMES.values())]
    return "\n".join(
        f"- Along axis {axis:g} the predictor's gain is {gain:.2f} of its largest, the root of the eigenvalue "
        f"{root:.2f} of the largest, and the cosine of the axis and its image {alignment:.2f}."
        for axis, gain, alignment, root in wide[wide.index.isin(TOLD)].itertuples()
    )
