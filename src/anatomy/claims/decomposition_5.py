"""decomposition-5: of a triplet's extra gradient, the center is needed and enough."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Difference, Tables, Threshold
from anatomy.claims.siamese import arm, minus, threshold, unseen

KEPT, GONE, BETTER = "o_e alone is kept", "r_e alone collapses", "o_e alone is better than both"


def rows(tables: Tables) -> pd.DataFrame:
    return pd.concat([unseen(tables, method="triplet", component=c) for c in ("center", "residual")])


def values(tables: Tables) -> dict[str, np.ndarray]:
    parts = {
        KEPT: threshold(unseen(tables, method="triplet", component="center")),
        GONE: threshold(unseen(tables, method="triplet", component="residual")),
    }
    if "knn" in tables and (tables["knn"]["method"] == "triplet").any():
        center, both = (arm(tables["knn"], method="triplet", component=c) for c in ("center", "both"))
        parts[BETTER] = minus(center, both, "accuracy")
    return parts


CLAIM = Claim(
    module=__name__,
    statement="A triplet without predictor needs only the center o_e of its extra gradient not to collapse; with the "
    "residual r_e alone it collapses, and beside o_e the residual costs accuracy.",
    whose="paper",
    source="Table 3 of Zhang et al. 2022, arXiv:2203.16262: o_e alone std 0.02005, m_o 0.026, top-1 47.41 %; both "
    "36.21 %; r_e alone std 0, m_o 1, 1 %.",
    kind={KEPT: Threshold(collapsed=False), GONE: Threshold(collapsed=True), BETTER: Difference(margin=5.6)},
    quantity="Standard deviation x sqrt(D) and m_o of Z, triplet with o_e alone and with r_e alone; where accuracy "
    "was measured (overnight and larger), kNN accuracy in points, o_e alone minus both.",
    rule="Thresholds, in every seed, in evaluation mode on 1,000 or more clean unseen images after 200 or more steps: "
    "collapsed if the standard deviation x sqrt(D) is below 0.3 and m_o above 0.9; not collapsed if above 0.6; else "
    "undecided. Difference, paired by seed: holds if the 95 % t interval lies above 0, does not hold if it lies below "
    "5.6 points, half the paper's 11.2; else undecided. Where no accuracy was measured, the thresholds decide alone.",
    smallest="laptop",
    rows=rows,
    values=values,
)
