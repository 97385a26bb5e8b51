"""What changes when a run of FGSM overfits catastrophically: a column of its curve after, minus before. Chapter six."""

import numpy as np
import pandas as pd

from anatomy.analysis.overfitting import first_step
from anatomy.arms.robustness import curves
from anatomy.verdicts.claim import NotRun, Sample, Tables


def change(tables: Tables, column: str) -> Sample:
    """Mean of the column over the rows from the fall on, minus the mean before it: one number a run that fell."""
    rows = curves(tables)
    if rows.empty:
        raise NotRun
    runs = [run for _, run in rows.sort_values("seed").groupby("seed", sort=True)]
    found = [after_minus_before(run, column) for run in runs]
    return Sample.of(np.array([value for value in found if value is not None]), rows)


def after_minus_before(run: pd.DataFrame, column: str) -> float | None:
    fall = first_step(run)
    if fall is None:
        return None
    later = run["step"] >= fall
    return float(run[column][later].mean() - run[column][~later].mean())
