"""dictionary-10: a small batch is enough for SimCo."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Equivalence, Tables
from anatomy.claims.arms import Contrast, arm, judged, judged_rows


def contrasts(tables: Tables) -> dict[str, Contrast]:
    small, large = (arm(tables, method="simco", loss="dual_temperature", batch_size=size) for size in (64, 256))
    return {"64 minus 256": [(1, small), (-1, large)]}


def rows(tables: Tables) -> pd.DataFrame:
    return judged_rows(contrasts(tables))


def values(tables: Tables) -> dict[str, np.ndarray]:
    return judged(contrasts(tables))


CLAIM = Claim(
    module=__name__,
    statement="SimCo with two temperatures is insensitive to the batch size: 64 images do as well as 256.",
    whose="code",
    source="README of ChaoningZhang/Dual-temperature, the code of Zhang et al. 2022: 58.04 % at a batch of 64, 58.35 "
    "at 256 (by its scripts CIFAR-100, 200 epochs, one seed). That this is insensitive is our reading of it.",
    kind=Equivalence(margin=1.0),
    quantity="kNN accuracy in points, SimCo with two temperatures: batch 64 minus batch 256.",
    rule="Equivalence, paired by seed: holds if the 95 % t interval lies within +-1 point; does not hold if it lies "
    "outside; else undecided. Epochs and encoder passes are equal; the batch of 64 takes four times the steps, at a "
    "quarter of the learning rate.",
    smallest="overnight",
    rows=rows,
    values=values,
)
