"""Arms of chapter three: MoCo v2 at the chapter's base (m = 0.99, T = 0.1), with one transformation of features."""

import numpy as np
import pandas as pd

from anatomy.arms.dictionary_size import PAPER
from anatomy.arms.dictionary_size import accuracies as of_any_method
from anatomy.arms.select import ANY, recorded, select
from anatomy.settings import Settings
from anatomy.verdicts.claim import Tables

# Options of transforms where a claim does not name them.
PLAIN: Settings = {"per_dimension": False, "renormalize": False, "c": None, "transform_from": 0}


def accuracies(
    tables: Tables, transform: str, stage: str = PAPER, /, measure: str = "knn", **settings: object
) -> pd.DataFrame:
    """Rows of a measure's table, one a run, with this transform, these settings, and all else at its base."""
    given = {"method": "mocov2", "batch_size": ANY, "transform": transform, **settings}
    found = of_any_method(tables, stage, measure=measure, **given)
    return select(found, {name: value for name, value in PLAIN.items() if name not in settings})


def late_difference(
    tables: Tables, column: str, one: pd.DataFrame, other: pd.DataFrame, *, share: int | float
) -> np.ndarray:
    """A recorded score of one arm minus that of another late in training, for the seeds that both have a number of."""
    first, second = (recorded(tables["score_curves"], arm, column, share=share) for arm in (one, other))
    return (first - second).dropna().to_numpy(dtype=float)
