"""transformation-3: extrapolated positives raise the accuracy, interpolated ones lower it."""

import pandas as pd

from anatomy.arms.dictionary_size import BEST, OWN_BEST, PAPER, at_own_best
from anatomy.arms.floor import above_pixels
from anatomy.arms.score_visualization import accuracies
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def harder_minus_easier(first: str, second: str, stage: str) -> Part:
    def at(tables: Tables, stage: str) -> Sample:
        return contrast((1, accuracies(tables, first, stage)), (-1, accuracies(tables, second, stage)))

    def draw(tables: Tables) -> Sample | None:
        common = at(tables, PAPER)
        return common if stage == PAPER else at_own_best(at(tables, stage), common)

    def plain(tables: Tables) -> pd.DataFrame:
        return accuracies(tables, "none", stage)

    what = "MoCo v2" if stage == PAPER else "MoCo v2 at its own best"
    return Part(Difference(0.5), draw, mechanism=above_pixels(what, plain))


CLAIM = Claim(
    module=__name__,
    statement="Extrapolating positives (harder ones) raises the accuracy of MoCo v2; interpolating them (easier ones) "
    "lowers it.",
    attribution="ours",
    source="Restated here. The code of Zhu et al. 2021, arXiv:2108.02982 (DTennant/CL-Visualizing-Feature-"
    "Transformation), has both; numbers for either alone were not seen, only for extrapolation with mixed negatives.",
    quantity="kNN accuracy in points: with extrapolation minus without, and without minus with interpolation of "
    "positives, alpha = 2; with the common settings, and with each arm at its own best.",
    parts={
        f"{name}, {words}": harder_minus_easier(*transforms, stage)
        for words, stage in (("common settings", PAPER), ("own best", BEST))
        for name, transforms in (
            ("extrapolation", ("positive_extrapolation", "none")),
            ("interpolation", ("none", "positive_interpolation")),
        )
    },
    notes=OWN_BEST + " Epochs and encoder passes are both equal.",
    min_preset="overnight",
)
