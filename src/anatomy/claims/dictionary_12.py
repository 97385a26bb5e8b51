"""dictionary-12: without a dictionary no momentum is needed."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Equivalence, Tables
from anatomy.claims.arms import Contrast, arm, judged, judged_rows

OTHERS = (0.99, 0.9)


def contrasts(tables: Tables) -> dict[str, Contrast]:
    def at(momentum: float) -> pd.DataFrame:
        return arm(tables, method="simmoco", loss="dual_temperature", momentum=momentum)

    return {f"0 minus {momentum}": [(1, at(0.0)), (-1, at(momentum))] for momentum in OTHERS}


def rows(tables: Tables) -> pd.DataFrame:
    return judged_rows(contrasts(tables))


def values(tables: Tables) -> dict[str, np.ndarray]:
    return judged(contrasts(tables))


CLAIM = Claim(
    module=__name__,
    statement="Once the dictionary is gone, momentum is not needed: m = 0 does as well as the best m.",
    whose="ours",
    source="Restated here as an equivalence. SimCo in the code of Zhang et al. 2022 (ChaoningZhang/Dual-temperature) "
    "goes without momentum; their sweep over m was not seen.",
    kind=Equivalence(margin=1.0, one_sided=True),
    quantity="kNN accuracy in points, SimMoCo with two temperatures: m = 0 minus m = 0.99, and m = 0 minus m = 0.9.",
    rule="Equivalence, one-sided (not inferior), paired by seed: holds if the 95 % t intervals of m = 0 minus each "
    "other m lie above -1 point; does not hold if either lies below -1 point; else undecided. To be within a point of "
    "each is to be within a point of the best; the best is not picked, since noise would pick it, and m = 0 may be "
    "the best itself. Epochs and passes are equal.",
    smallest="overnight",
    rows=rows,
    values=values,
)
