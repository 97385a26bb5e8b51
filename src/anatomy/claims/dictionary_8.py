"""dictionary-8: SimMoCo, without a dictionary, is at least as good as MoCo v2."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Equivalence, Tables
from anatomy.claims.arms import BEST, PAPER, Contrast, arm, judged, judged_rows, largest_queue


def lead(tables: Tables, stage: str) -> Contrast:
    queue = largest_queue(tables)
    return [
        (1, arm(tables, stage, method="simmoco", loss="dual_temperature")),
        (-1, arm(tables, stage, method="mocov2", loss="info_nce", queue_size=queue)),
    ]


def contrasts(tables: Tables) -> dict[str, Contrast]:
    return {"paper's settings": lead(tables, PAPER), "own best": lead(tables, BEST)}


def rows(tables: Tables) -> pd.DataFrame:
    return judged_rows(contrasts(tables))


def values(tables: Tables) -> dict[str, np.ndarray]:
    return judged(contrasts(tables))


CLAIM = Claim(
    module=__name__,
    statement="SimMoCo, with two temperatures and no dictionary, is at least as good as MoCo v2 with a large one.",
    whose="code",
    source="README of ChaoningZhang/Dual-temperature, the code of Zhang et al. 2022: 54.11 against 53.28 % at a batch "
    "of 256, and ahead by 0.53 to 1.44 points at 64 to 1024 (by its scripts CIFAR-100, 200 epochs, one seed).",
    kind=Equivalence(margin=0.5, one_sided=True),
    quantity="kNN accuracy in points, SimMoCo with two temperatures minus MoCo v2 with InfoNCE and its largest "
    "dictionary, batch 256: with the paper's settings, and with each arm at its own best.",
    rule="Equivalence, one-sided (not inferior), paired by seed: holds if the 95 % t intervals lie above -0.5 points, "
    "both with the paper's settings and with each arm at the best of an equal tuning (2 learning rates x 2 "
    "temperatures, half length, unseen training images, a seed not used here); does not hold if either lies below "
    "-0.5 points; else undecided. Epochs and encoder passes with gradient are both equal: one a step and image, the "
    "keys taking none.",
    smallest="overnight",
    rows=rows,
    values=values,
)
