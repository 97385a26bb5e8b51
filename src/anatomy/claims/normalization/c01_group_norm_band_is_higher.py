"""normalization-1: group normalization's band of losses is higher than batch normalization's.

Beside the claim stands a quantity without a verdict, the width of the loss band: in the authors' figures, over 7,800
steps, batch normalization's is the narrower too; short runs were seen to have it wider, each learning rate being on its
way down at its own speed. The chapter prints it.
"""

from math import log

import numpy as np
import pandas as pd

from anatomy.analysis.bands import band, edge, width
from anatomy.arms.normalization import bands
from anatomy.arms.select import difference
from anatomy.verdicts import Claim, Difference, NotRun, Part, Sample, Tables


def both(tables: Tables) -> pd.DataFrame:
    rows = bands(tables)
    rows = rows[rows["norm"].isin(["batch", "group"])]
    if rows["norm"].nunique() < 2:
        raise NotRun
    return rows


def height(tables: Tables) -> Sample:
    rows = both(tables)
    loss = band(rows, "loss")
    return Sample.of(difference(edge(loss, "group"), edge(loss, "batch")), rows)


def log_width(tables: Tables) -> Sample:
    rows = both(tables)
    change = band(rows, "change")
    return Sample.of(difference(*(np.log(width(change, norm)) for norm in ("group", "batch"))), rows)


CLAIM = Claim(
    module=__name__,
    statement="Between learning rates from 1e-4 to 5e-4 the training loss of a network with group normalization lies "
    "higher than with batch normalization, and the change of its head's gradient varies more.",
    attribution="code",
    source="agusgun/CS-570-Project, notebooks: bands of the loss and of the gradient difference over five learning "
    "rates, VGG-11 on CIFAR-10, as we read the figures. Of the loss band the height is judged and not the width.",
    quantity="GN against BN, Adam: mean over the steps of the largest loss of any learning rate (nats, GN minus BN); "
    "and the log ratio (GN over BN) of the mean width, largest minus smallest over the learning rates, of ||g_t - "
    "g_(t-1)||, g the gradient of the last linear layer's weights. Means of ten steps.",
    parts={
        "height of the loss band": Part(Difference(0.05), height, unit="nats"),
        "width of the head-gradient band": Part(Difference(log(1.1)), log_width, unit="log"),
    },
    margins="the figures give no number to halve",
    min_preset="laptop",
)
