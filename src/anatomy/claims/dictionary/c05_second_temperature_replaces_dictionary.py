"""dictionary-5: a higher temperature between anchors helps without a dictionary, and only there."""

from typing import Any

import pandas as pd

from anatomy.arms.dictionary_size import accuracies, largest_queue, unequal_anchors
from anatomy.arms.floor import above_pixels
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Difference, Equivalence, Part, Sample, Tables

SIGNS = ((1, "dual_temperature"), (-1, "info_nce"))


def gain(tables: Tables, **of: Any) -> Sample:  # settings
    return contrast(*((sign, accuracies(tables, loss=loss, **of)) for sign, loss in SIGNS))


def without_dictionary(tables: Tables) -> Sample:
    return gain(tables, method="simmoco")


def with_large_dictionary(tables: Tables) -> Sample:
    return gain(tables, method="mocov2", queue_size=largest_queue(tables))


def baseline(tables: Tables) -> pd.DataFrame:
    return accuracies(tables, method="simmoco", loss="info_nce")


def moco(tables: Tables) -> pd.DataFrame:
    return accuracies(tables, method="mocov2", loss="info_nce", queue_size=largest_queue(tables))


CLAIM = Claim(
    module=__name__,
    statement="Without a dictionary, a higher temperature between anchors (1.0 in place of 0.1) raises the accuracy; "
    "with a large dictionary it hardly matters.",
    attribution="ours",
    source="Restated here as two claims. The code of Zhang et al. 2022 (ChaoningZhang/Dual-temperature) sets 1.0; "
    "their grid of temperatures was not seen, and that it is flat with a large dictionary is derived here, W being "
    "nearly equal there already.",
    quantity="kNN accuracy in points, temperature between anchors 1.0 minus 0.1 (InfoNCE), 0.1 within an anchor: in "
    "SimMoCo, which has no dictionary, and in MoCo v2 with the largest one.",
    parts={
        "no dictionary": Part(
            Difference(0.5), without_dictionary, mechanism=above_pixels("SimMoCo with InfoNCE", baseline)
        ),
        "large dictionary": Part(Equivalence(1.0), with_large_dictionary, mechanism=above_pixels("MoCo v2", moco)),
    },
    mechanism=unequal_anchors("SimMoCo with InfoNCE", baseline),
    notes="The arms of each part have the same epochs and passes.",
    min_preset="overnight",
)
