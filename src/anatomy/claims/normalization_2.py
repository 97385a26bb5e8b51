"""normalization-2: group normalization helps early, and later is like no normalization."""

from math import log

import numpy as np
import pandas as pd

from anatomy.analysis.bands import band, edge, paired
from anatomy.claims import Claim, Difference, Equivalence, Tables
from anatomy.claims.norm_arms import bands

EARLY, LATE = (0.0, 1 / 8), (2 / 3, 1.0)  # shares of all steps


def rows(tables: Tables) -> pd.DataFrame:
    table = bands(tables)
    return table[table["norm"].isin(["none", "group"])]


def values(tables: Tables) -> dict[str, np.ndarray] | None:
    table = rows(tables)
    if table["norm"].nunique() < 2:
        return None
    loss = band(table, "loss")
    logs = [np.log(paired(edge(loss, "none", part), edge(loss, "group", part))) for part in (EARLY, LATE)]
    return {name: both[:, 0] - both[:, 1] for name, both in zip(("early", "late"), logs, strict=True)}


CLAIM = Claim(
    module=__name__,
    statement="Group normalization lowers the band of losses below that of a network without normalization early in "
    "training only; later the two are about equal.",
    whose="code",
    source="agusgun/CS-570-Project, notebooks, as we read the figures: the lower edge of GN's band is clearly lower "
    "for about 1,000 of 7,800 steps, the upper one until 4,000 to 5,000, and then the bands coincide.",
    kind={"early": Difference(margin=log(1.05)), "late": Equivalence(margin=log(1.1))},
    quantity="Log ratio, no normalization over GN, of the mean upper edge of the loss band (Adam, the largest loss "
    "of any of five learning rates at a step, means of ten steps): over the first eighth and over the last third of "
    "the steps.",
    rule="Difference and equivalence, paired by seed, 95 % t intervals: holds if the early interval lies above 0 and "
    "the late one within +-log 1.1 (10 %); does not hold if the early one lies below log 1.05 or the late one "
    "outside +-log 1.1; else undecided.",
    smallest="overnight",
    rows=rows,
    values=values,
)
