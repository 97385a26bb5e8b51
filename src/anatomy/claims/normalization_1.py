"""normalization-1: group normalization's band of losses is higher than batch normalization's.

Beside the claim stands a quantity without a verdict, the width of the loss band: in the authors' figures, over 7,800
steps, batch normalization's is the narrower too; short runs were seen to have it wider, each learning rate being on its
way down at its own speed. The chapter prints it.
"""

from math import log

import numpy as np
import pandas as pd

from anatomy.analysis.bands import band, edge, paired, width
from anatomy.claims import Claim, Difference, Tables
from anatomy.claims.norm_arms import bands


def rows(tables: Tables) -> pd.DataFrame:
    table = bands(tables)
    return table[table["norm"].isin(["batch", "group"])]


def values(tables: Tables) -> dict[str, np.ndarray] | None:
    table = rows(tables)
    if table["norm"].nunique() < 2:
        return None
    loss, change = band(table, "loss"), band(table, "change")
    heights = paired(edge(loss, "group"), edge(loss, "batch"))
    widths = np.log(paired(width(change, "group"), width(change, "batch")))
    return {
        "height of the loss band": heights[:, 0] - heights[:, 1],
        "width of the head-gradient band": widths[:, 0] - widths[:, 1],
    }


CLAIM = Claim(
    module=__name__,
    statement="Between learning rates from 1e-4 to 5e-4 the training loss of a network with group normalization lies "
    "higher than with batch normalization, and the change of its head's gradient varies more.",
    whose="code",
    source="agusgun/CS-570-Project, notebooks: bands of the loss and of the gradient difference over five learning "
    "rates, VGG-11 on CIFAR-10, as we read the figures. Of the loss band the height is judged and not the width.",
    kind={
        "height of the loss band": Difference(margin=0.05),
        "width of the head-gradient band": Difference(margin=log(1.1)),
    },
    quantity="GN against BN, Adam: mean over the steps of the largest loss of any learning rate (nats, GN minus BN); "
    "and the log ratio (GN over BN) of the mean width, largest minus smallest over the learning rates, of ||g_t - "
    "g_(t-1)||, g the gradient of the last linear layer's weights. Means of ten steps.",
    rule="Difference, paired by seed, 95 % t intervals: holds if both intervals lie above 0; does not hold if the "
    "height lies below 0.05 nats or the log ratio below log 1.1 (the figures give no number to halve); else "
    "undecided.",
    smallest="laptop",
    rows=rows,
    values=values,
)
