"""normalization-7: on SVHN, GN+ is worse than group normalization."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Difference, Tables
from anatomy.claims.norm_arms import BANDS, RATES_BELOW, arm


def layer(tables: Tables, norm: str) -> pd.DataFrame:
    rows = arm(tables["accuracy"], norm=norm, **BANDS)
    return rows[(rows["dataset"] == "svhn") & (rows["learning_rate"] < RATES_BELOW)]


def rows(tables: Tables) -> pd.DataFrame:
    return pd.concat([layer(tables, norm) for norm in ("group", "group_plus")])


def values(tables: Tables) -> dict[str, np.ndarray]:
    means = [layer(tables, norm).groupby("seed")["accuracy"].mean() for norm in ("group", "group_plus")]
    both = pd.concat(means, axis=1, join="inner").sort_index().to_numpy(dtype=float)
    return {"svhn": both[:, 0] - both[:, 1]}


CLAIM = Claim(
    module=__name__,
    statement="On SVHN, GN+ is less accurate than plain group normalization.",
    whose="code",
    source="agusgun/CS-570-Project, notebooks, one seed, VGG-11, 20 epochs of Adam: GN 93.81 94.16 93.91 93.91 93.04 "
    "%, GN+ 93.08 92.95 92.86 92.57 91.81 % at learning rates 5, 4, 3, 2 and 1e-4.",
    kind=Difference(margin=0.5),
    quantity="Accuracy in points, GN minus GN+, mean over five learning rates of Adam, on SVHN.",
    rule="Difference, paired by seed, 95 % t interval: holds if it lies above 0; does not hold if it lies below 0.5 "
    "points (half of the notebooks' 1.1, rounded down); else undecided. Only runs on the data set svhn count.",
    smallest="laptop",
    rows=rows,
    values=values,
)
