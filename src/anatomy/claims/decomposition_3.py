"""decomposition-3: a second predictor that undoes the first also works, a little worse."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Difference, Tables, Threshold
from anatomy.claims.siamese import arm, minus, threshold, unseen


def rows(tables: Tables) -> pd.DataFrame:
    return pd.concat([unseen(tables, method=method) for method in ("inverse_predictor", "simsiam")])


def values(tables: Tables) -> dict[str, np.ndarray]:
    simsiam, inverse = (arm(tables["knn"], method=method) for method in ("simsiam", "inverse_predictor"))
    return {
        "it is kept": threshold(unseen(tables, method="inverse_predictor")),
        "SimSiam is better": minus(simsiam, inverse, "accuracy"),
    }


CLAIM = Claim(
    module=__name__,
    statement="With an inverse predictor on the branch without gradient the network does not collapse, and is about a "
    "point worse than SimSiam.",
    whose="paper",
    source="Figure 3 of Zhang et al. 2022, arXiv:2203.16262, read off the curves: after 1,000 epochs about 66.6 % for "
    "SimSiam and 65.5 % with the inverse predictor.",
    kind={"it is kept": Threshold(collapsed=False), "SimSiam is better": Difference(margin=0.5)},
    quantity="Standard deviation x sqrt(D) and m_o of Z with the inverse predictor; kNN accuracy in points, SimSiam "
    "minus inverse predictor.",
    rule="Threshold for the first part, in every seed, in evaluation mode on 1,000 or more clean unseen images after "
    "200 or more steps: not collapsed if the standard deviation x sqrt(D) is above 0.6, collapsed if below 0.3 with "
    "m_o above 0.9, else undecided. Difference for the second, paired by seed: holds if the 95 % t interval lies "
    "above 0, does not hold if it lies below 0.5 points, half the paper's 1.1; else undecided.",
    smallest="overnight",
    rows=rows,
    values=values,
)
