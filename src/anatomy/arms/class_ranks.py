"""The network trained without attacks, of chapter six, and how deep an attack on it buries the true class."""

import pandas as pd

from anatomy.arms.select import select
from anatomy.verdicts.claim import Tables


def ranks(tables: Tables, objective: str, steps: int) -> pd.DataFrame:
    """Rows, one a run: rank, top_1, top_3, top_5 after so many steps on this loss."""
    rows = tables["class_ranks"]
    rows = rows[rows["objective"] == objective]
    return select(rows[rows["steps"] == steps], {}, method="supervised")
