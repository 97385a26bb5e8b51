"""dictionary-11: old negatives hurt."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Difference, Tables
from anatomy.claims.arms import ANY, Contrast, arm, judged, judged_rows


def contrasts(tables: Tables) -> dict[str, Contrast]:
    aged = arm(tables, method="mocov2", loss="info_nce", queue_skip=ANY)
    old = aged[(aged["queue_skip"] == aged["queue_skip"].max()) & (aged["queue_skip"] > 0)]
    # At the same K, so that nothing but the age differs.
    new = aged[(aged["queue_skip"] == 0) & aged["queue_size"].isin(old["queue_size"])]
    return {"new minus old": [(1, new), (-1, old)]}


def rows(tables: Tables) -> pd.DataFrame:
    return judged_rows(contrasts(tables))


def values(tables: Tables) -> dict[str, np.ndarray]:
    return judged(contrasts(tables))


CLAIM = Claim(
    module=__name__,
    statement="Old negatives hurt: keys of earlier states of the encoder give a lower accuracy than as many new ones.",
    whose="ours",
    source="Restated here. Zhang et al. 2022, arXiv:2203.17248, ask that positives and negatives come from the same "
    "state of the key encoder according to a reading by others; their sentence and their table were not seen.",
    kind=Difference(margin=0.5),
    quantity="kNN accuracy in points, MoCo v2 with InfoNCE at one K: the newest K keys as negatives minus the K keys "
    "before the largest number of skipped newest ones.",
    rule="Difference, paired by seed: holds if the 95 % t interval lies above 0; does not hold if it lies below 0.5 "
    "points (no effect of the paper's was at hand to halve); else undecided. Both arms have the same K, epochs and "
    "passes.",
    smallest="overnight",
    rows=rows,
    values=values,
)
