"""Which runs a claim of chapter three compares, and their numbers paired by seed.

All are MoCo v2 at the chapter's base (m = 0.99, T = 0.1); a claim names what departs from it.
"""

from typing import Any

import numpy as np
import pandas as pd

from anatomy.claims.arms import ANY, PAPER, arm
from anatomy.claims.claim import Tables

# Options of transforms whose plain value is none, no, or not given.
PLAIN = ("per_dimension", "renormalize", "c", "transform_from")


def mixed(tables: Tables, transform: str, stage: str = PAPER, /, **settings: Any) -> pd.DataFrame:
    """Rows of the kNN table, one a run, with this transform, these settings, and all else at its base."""
    found = arm(tables, stage, **{"method": "mocov2", "batch_size": ANY, "transform": transform, **settings})
    for name in PLAIN:
        if name not in settings and name in found:
            plain = [not value or value != value for value in found[name]]  # None, False, 0, or NaN
            found = found[pd.Series(plain, index=found.index, dtype=bool)]
    return found


def instead(tables: Tables, name: str) -> Tables:
    """The same tables with another measure in the place of kNN."""
    return {**tables, "knn": tables[name]}


def noted(tables: Tables, of: pd.DataFrame, column: str, first: float, table: str = "score_curves") -> pd.Series:
    """Mean by seed of what a recorder noted of these runs, from the share `first` of the steps on.

    KeyError if nothing was noted of them, which is "not run" to `judge`.
    """
    rows = tables[table]
    rows = rows[rows["key"].isin(of["key"])]
    if rows.empty:
        raise KeyError(f"{column} of these runs")
    last = rows["step"] >= first * rows.groupby("key")["step"].transform("max")
    return rows[last].groupby("seed")[column].mean()


def difference(one: pd.Series, other: pd.Series) -> np.ndarray:
    """One minus other, for the seeds that both have."""
    return (one - other).dropna().to_numpy(dtype=float)
