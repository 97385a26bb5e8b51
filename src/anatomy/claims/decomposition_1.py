"""decomposition-1: which branch has the predictor decides whether the network collapses."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Tables, Threshold
from anatomy.claims.siamese import threshold, unseen

METHODS = {  # part: (method, the vectors that the loss acts on)
    "SimSiam is kept": ("simsiam", "z"),
    "naive collapses": ("naive", "z"),
    "mirror collapses": ("mirror", "z"),
    "predictor on both collapses": ("symmetric_predictor", "p"),
}


def rows(tables: Tables) -> pd.DataFrame:
    return pd.concat([unseen(tables, method=method) for method, _ in METHODS.values()])


def values(tables: Tables) -> dict[str, np.ndarray]:
    return {part: threshold(unseen(tables, method=method), of) for part, (method, of) in METHODS.items()}


CLAIM = Claim(
    module=__name__,
    statement="SimSiam does not collapse. Without the predictor, with the predictor on both branches, or with it on "
    "the branch without gradient alone (Mirror SimSiam), the network collapses.",
    whose="paper",
    source="Table 2 of Zhang et al. 2022, arXiv:2203.16262: CIFAR-100 top-1 66.62 % for SimSiam, 1 % for the other "
    "three.",
    kind={part: Threshold(collapsed="collapses" in part) for part in METHODS},
    quantity="Standard deviation x sqrt(D) and m_o of unit vectors: of Z, and of P where the predictor stands on both "
    "branches, since the loss acts on these; the other one is printed beside it.",
    rule="Threshold, in every seed, in evaluation mode on 1,000 or more clean unseen images after 200 or more steps: "
    "collapsed if the standard deviation x sqrt(D) is below 0.3 and m_o above 0.9; not collapsed if it is above 0.6; "
    "else undecided. Accuracy is not judged: a collapsed projector stands on a backbone that still tells images apart.",
    smallest="laptop",
    rows=rows,
    values=values,
)
