"""transformation-5: extrapolation is a weight on the positive's distance, and little else."""

import pandas as pd

from anatomy.arms.floor import above_pixels
from anatomy.arms.score_visualization import accuracies, late_difference
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Equivalence, Mechanism, Part, Sample, Tables

MIN_SHIFT = 0.02


def extrapolation(tables: Tables) -> pd.DataFrame:
    return accuracies(tables, "positive_extrapolation")


def plain(tables: Tables) -> pd.DataFrame:
    return accuracies(tables, "none")


def extrapolation_minus_weight(tables: Tables) -> Sample:
    return contrast((1, extrapolation(tables)), (-1, accuracies(tables, "positive_weight", c=2.6)))


def moved(tables: Tables) -> bool:
    by = late_difference(tables, "raw_positive", extrapolation(tables), plain(tables), share=0.1)
    return bool(abs(by.mean()) >= MIN_SHIFT)


CLAIM = Claim(
    module=__name__,
    statement="Extrapolating positives does what multiplying their distance by its mean factor, 2.6, does: the "
    "accuracies are equal.",
    attribution="ours",
    source="Derived here from the identity 1 - s^ = c (1 - s), with E[c] = 2.6 at the alpha = 2 of the code of Zhu et "
    "al. 2021, arXiv:2108.02982 (DTennant/CL-Visualizing-Feature-Transformation).",
    quantity="kNN accuracy in points: positives extrapolated minus positives whose distance is multiplied by 2.6.",
    parts={
        "extrapolation minus weight": Part(
            Equivalence(1.0), extrapolation_minus_weight, mechanism=above_pixels("MoCo v2", plain)
        )
    },
    margins="one point",
    mechanism=Mechanism(
        "extrapolation moves the unmixed positive score by less than 0.02 (mean over the last tenth of the steps and "
        "the seeds, against MoCo v2 without it), and there is nothing to explain",
        moved,
        rows=plain,
    ),
    min_preset="overnight",
)
