"""dictionary-6: the temperature within an anchor must stay small, with its best near 0.1 to 0.2."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Shape, Tables
from anatomy.claims.arms import Contrast, arm, judged, judged_rows


def at(tables: Tables, temperature: float) -> pd.DataFrame:
    return arm(tables, method="simco", loss="dual_temperature", temperature_intra=temperature)


def contrasts(tables: Tables) -> dict[str, Contrast]:
    lowest, low, middle, high = (at(tables, temperature) for temperature in (0.05, 0.1, 0.2, 0.5))
    return {
        "0.1 minus 0.5": [(1, low), (-1, high)],
        # The mean of both, and not the better one: that would be chosen by the noise it is judged by.
        "0.1 and 0.2 minus 0.05": [(0.5, low), (0.5, middle), (-1, lowest)],
    }


def rows(tables: Tables) -> pd.DataFrame:
    return judged_rows(contrasts(tables))


def values(tables: Tables) -> dict[str, np.ndarray]:
    return judged(contrasts(tables))


CLAIM = Claim(
    module=__name__,
    statement="The temperature within an anchor must stay small whatever the one between anchors: accuracy is best "
    "near 0.1 to 0.2, and falls towards 0.5 and towards 0.05.",
    whose="ours",
    source="Restated here. The code of Zhang et al. 2022 (ChaoningZhang/Dual-temperature) sets 0.1 within an anchor "
    "and 1.0 between anchors; their grid over both temperatures was not seen.",
    kind=Shape(margin=0.5),
    quantity="kNN accuracy in points, SimCo with a temperature of 1.0 between anchors, batch 256, by the temperature "
    "within an anchor: 0.1 minus 0.5; and the mean of 0.1 and 0.2 minus 0.05.",
    rule="Shape, two contrasts a seed: holds if the 95 % t intervals of both lie above 0; does not hold if either "
    "lies below 0.5 points (no effect of the paper's was at hand to halve); else undecided. All arms have the same "
    "epochs, passes and learning rate.",
    smallest="overnight",
    rows=rows,
    values=values,
)
