"""decomposition-14: trained at a high temperature, InfoNCE is worse and its dimensions covary more."""

from math import log

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Difference, Shape, Tables
from anatomy.claims.siamese import arm, minus, unseen

LOW, HIGH = 0.1, 0.5


def at(tables: Tables, temperature: float) -> pd.DataFrame:
    found = unseen(tables, method="simco", loss="info_nce", temperature=temperature)
    return found.assign(log_covariance=np.log(found["covariance"]))


def rows(tables: Tables) -> pd.DataFrame:
    return pd.concat([at(tables, temperature) for temperature in (LOW, HIGH)])


def values(tables: Tables) -> dict[str, np.ndarray]:
    low, high = (arm(tables["knn"], method="simco", loss="info_nce", temperature=t) for t in (LOW, HIGH))
    return {
        "accuracy": minus(low, high, "accuracy"),
        "covariance": minus(at(tables, HIGH), at(tables, LOW), "log_covariance"),
    }


CLAIM = Claim(
    module=__name__,
    statement="InfoNCE at a temperature of 0.5 gives a lower accuracy and a higher covariance between dimensions than "
    "at 0.1.",
    whose="ours",
    source="Derived here: at a high temperature the decorrelating part of the gradient fades (decomposition-13). An "
    "experiment over temperatures in Zhang et al. 2022, arXiv:2203.16262, is known to exist and was not seen.",
    kind={"accuracy": Difference(margin=0.5), "covariance": Shape(margin=log(1.1))},
    quantity="kNN accuracy in points at T = 0.1 minus at T = 0.5; log of the sum over i != j of C_ij^2 of clean "
    "unseen embeddings at 0.5 minus at 0.1.",
    rule="Difference and shape, paired by seed: holds if the 95 % t intervals of both lie above 0; does not hold if "
    "the first lies below 0.5 points or the second below log 1.1; else undecided. One learning rate for both.",
    smallest="overnight",
    rows=rows,
    values=values,
)
