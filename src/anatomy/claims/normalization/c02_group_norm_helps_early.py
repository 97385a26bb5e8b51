"""normalization-2: group normalization helps early, and later is like no normalization."""

from math import log

import numpy as np

from anatomy.analysis.bands import band, edge
from anatomy.arms.normalization import bands
from anatomy.arms.select import difference
from anatomy.verdicts import Claim, Difference, Equivalence, NotRun, Part, Sample, Tables


def log_ratio(tables: Tables, steps: tuple[float, float]) -> Sample:
    """Of the mean upper edges without and with GN, over a part of the steps (shares of all of them)."""
    rows = bands(tables)
    rows = rows[rows["norm"].isin(["none", "group"])]
    if rows["norm"].nunique() < 2:
        raise NotRun
    loss = band(rows, "loss")
    return Sample.of(difference(*(np.log(edge(loss, norm, steps)) for norm in ("none", "group"))), rows)


def early(tables: Tables) -> Sample:
    return log_ratio(tables, (0.0, 1 / 8))


def late(tables: Tables) -> Sample:
    return log_ratio(tables, (2 / 3, 1.0))


CLAIM = Claim(
    module=__name__,
    statement="Group normalization lowers the band of losses below that of a network without normalization early in "
    "training only; later the two are about equal.",
    attribution="code",
    source="agusgun/CS-570-Project, notebooks, as we read the figures: the lower edge of GN's band is clearly lower "
    "for about 1,000 of 7,800 steps, the upper one until 4,000 to 5,000, and then the bands coincide.",
    quantity="Log ratio, no normalization over GN, of the mean upper edge of the loss band (Adam, the largest loss "
    "of any of five learning rates at a step, means of ten steps): over the first eighth and over the last third of "
    "the steps.",
    parts={
        "early": Part(Difference(log(1.05)), early, unit="log"),
        "late": Part(Equivalence(log(1.1)), late, unit="log"),
    },
    margins="5 and 10 %, since the figures give no number to halve",
    min_preset="overnight",
)
