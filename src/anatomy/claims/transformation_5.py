"""transformation-5: extrapolation is a weight on the positive's distance, and little else."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Equivalence, Tables
from anatomy.claims.arms import Contrast, judged, judged_rows
from anatomy.claims.mixes import difference, mixed, noted

MOVED = 0.02


def contrasts(tables: Tables) -> dict[str, Contrast]:
    apart, weighted = mixed(tables, "positive_extrapolation"), mixed(tables, "positive_weight", c=2.6)
    return {"extrapolation minus weight": [(1, apart), (-1, weighted)]}


def rows(tables: Tables) -> pd.DataFrame:
    return pd.concat([judged_rows(contrasts(tables)), mixed(tables, "none")])


def values(tables: Tables) -> dict[str, np.ndarray]:
    return judged(contrasts(tables))


def mechanism(tables: Tables) -> bool:
    both = (mixed(tables, name) for name in ("positive_extrapolation", "none"))
    moved = difference(*(noted(tables, arm, "raw_positive", first=0.9) for arm in both))
    return bool(abs(moved.mean()) >= MOVED)


CLAIM = Claim(
    module=__name__,
    statement="Extrapolating positives does what multiplying their distance by its mean factor, 2.6, does: the "
    "accuracies are equal.",
    whose="ours",
    source="Derived here from the identity 1 - s^ = c (1 - s), with E[c] = 2.6 at the alpha = 2 of the code of Zhu et "
    "al. 2021, arXiv:2108.02982 (DTennant/CL-Visualizing-Feature-Transformation).",
    kind=Equivalence(margin=1.0),
    quantity="kNN accuracy in points: positives extrapolated minus positives whose distance is multiplied by 2.6.",
    rule="Equivalence, paired by seed: holds if the 95 % t interval lies within +-1 point; does not hold if it lies "
    "outside; else undecided. Undecided too if extrapolation moves the unmixed positive score by less than 0.02 (mean "
    "over the last tenth of the steps and the seeds, against MoCo v2 without it): then there is nothing to explain.",
    smallest="overnight",
    rows=rows,
    values=values,
    mechanism=mechanism,
)
