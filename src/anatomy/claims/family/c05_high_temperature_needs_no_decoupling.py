"""family-5: at a high temperature, where all anchors weigh alike anyway, decoupling changes nothing."""

import pandas as pd

from anatomy.arms.loss_family import accuracies, gain, learned
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables

HOT = 0.5


def at_hot(tables: Tables) -> Sample:
    return gain(tables, "decoupled", temperature=HOT)


def baseline(tables: Tables) -> pd.DataFrame:
    return accuracies(tables, "info_nce", temperature=HOT)


CLAIM = Claim(
    module=__name__,
    statement="At a temperature of 0.5 DCL and InfoNCE give the same accuracy, to within a point.",
    attribution="ours",
    source="Derived here: InfoNCE's gradient is W times DCL's, and at T = 0.5 with 255 random negatives W is 0.99 for "
    "a positive of similarity 0.8. In no text that was seen; Yeh et al. 2022, arXiv:2110.06848, is the loss's source.",
    quantity="kNN accuracy in points, SimCo at a batch of 256 and T = 0.5: DCL minus InfoNCE.",
    parts={
        "DCL minus InfoNCE at 0.5": Part(
            Equivalence(1.0), at_hot, mechanism=learned("SimCo with InfoNCE at T = 0.5", baseline)
        )
    },
    margins="one point",
    min_preset="overnight",
)
