"""normalization-2: group normalization helps early, and later is like no normalization."""

from math import log

import numpy as np

from anatomy.analysis.bands import band, edge
from anatomy.arms.normalization import bands
from anatomy.arms.select import difference
from anatomy.verdicts import Claim, Difference, Equivalence, NotRun, Part, Sample, Tables

EARLY, LATE = 1000, 5000  # steps: until there, and from there on


def log_ratio(tables: Tables, first: int, last: int | float) -> Sample:
    """Of the mean upper edges without and with GN, over the steps from first to last."""
    rows = bands(tables)
    rows = rows[rows["norm"].isin(["none", "group"])]
    if rows["norm"].nunique() < 2:
        raise NotRun
    rows = rows[rows["step"].between(first, last)]
    if rows.empty:
        raise NotRun(f"no run has {first:,} steps")
    loss = band(rows, "loss")
    return Sample.of(difference(*(np.log(edge(loss, norm)) for norm in ("none", "group"))), rows)


def early(tables: Tables) -> Sample:
    return log_ratio(tables, 0, EARLY)


def late(tables: Tables) -> Sample:
    return log_ratio(tables, LATE, np.inf)


CLAIM = Claim(
    module=__name__,
    statement="Group normalization lowers the band of losses below that of a network without normalization early in "
    "training only; later the two are about equal.",
    attribution="code",
    source="agusgun/CS-570-Project, notebooks, as we read the figures: the lower edge of GN's band is clearly lower "
    "for about 1,000 of 7,800 steps, the upper one until 4,000 to 5,000, and then the bands coincide.",
    quantity="Log ratio, no normalization over GN, of the mean upper edge of the loss band (Adam, the largest loss "
    "of any of five learning rates at a step, means of ten steps): over the first 1,000 steps and from step 5,000 on, "
    "which are the authors' periods.",
    parts={
        "early": Part(Difference(log(1.05)), early, unit="log"),
        "late": Part(Equivalence(log(1.1)), late, unit="log"),
    },
    margins="5 and 10 %, since the figures give no number to halve",
    min_preset="overnight",
)
