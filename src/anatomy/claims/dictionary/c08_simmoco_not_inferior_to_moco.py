"""dictionary-8: SimMoCo, without a dictionary, is at least as good as MoCo v2."""

import pandas as pd

from anatomy.arms.dictionary_size import BEST, OWN_BEST, PAPER, accuracies, at_own_best, largest_queue
from anatomy.arms.floor import above_pixels
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables


def lead(tables: Tables, stage: str = PAPER) -> Sample:
    ours = accuracies(tables, stage, method="simmoco", loss="dual_temperature")
    return contrast((1, ours), (-1, moco(tables, stage)))


def moco(tables: Tables, stage: str = PAPER) -> pd.DataFrame:
    return accuracies(tables, stage, method="mocov2", loss="info_nce", queue_size=largest_queue(tables))


def moco_at_its_best(tables: Tables) -> pd.DataFrame:
    return moco(tables, BEST)


def own_best(tables: Tables) -> Sample | None:
    return at_own_best(lead(tables, BEST), lead(tables))


CLAIM = Claim(
    module=__name__,
    statement="SimMoCo, with two temperatures and no dictionary, is at least as good as MoCo v2 with a large one.",
    attribution="code",
    source="README of ChaoningZhang/Dual-temperature, the code of Zhang et al. 2022: 54.11 against 53.28 % at a batch "
    "of 256, and ahead by 0.53 to 1.44 points at 64 to 1024 (by its scripts CIFAR-100, 200 epochs, one seed).",
    quantity="kNN accuracy in points, SimMoCo with two temperatures minus MoCo v2 with InfoNCE and its largest "
    "dictionary, batch 256: with the common settings, and with each arm at its own best.",
    parts={
        "common settings": Part(Equivalence(0.5, one_sided=True), lead, mechanism=above_pixels("MoCo v2", moco)),
        "own best": Part(
            Equivalence(0.5, one_sided=True),
            own_best,
            mechanism=above_pixels("MoCo v2 at its own best", moco_at_its_best),
        ),
    },
    margins="half a point",
    notes=OWN_BEST
    + " Epochs and encoder passes with gradient are both equal: one a step and image, the keys taking none.",
    min_preset="overnight",
)
