"""decomposition-8: a loss that only decorrelates brings a collapsed network back."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Shape, Tables
from anatomy.claims.siamese import change, in_batch


def rows(tables: Tables) -> pd.DataFrame:
    """The covariance loss at every weight that was run, without the projector's final BatchNorm."""
    weights = tables["runs"]["regularizer"].dropna().unique()
    found = pd.concat([in_batch(tables, method="phases", regularizer=weight) for weight in weights])
    return found[found["phases"].str.contains("center .*covariance")]


def values(tables: Tables) -> dict[str, np.ndarray]:
    gained = change(rows(tables), "residual")
    return {"m_r": gained.groupby("seed")["change"].max().sort_index().to_numpy()}


CLAIM = Claim(
    module=__name__,
    statement="After a network has collapsed, the decorrelation loss alone brings its residuals back.",
    whose="paper",
    source="Figure 5b of Zhang et al. 2022, arXiv:2203.16262, read off the curves: m_r falls to about 0.2 and rises "
    "back to about 1 within tens of steps; the loss is their Algorithm 6, sum over i != j of C_ij^2 / D.",
    kind=Shape(margin=0.4),
    quantity="m_r in the training batch at the end of the last phase, in which the loss of Algorithm 6 on unit "
    "embeddings acts alone, minus m_r at its start, after SimSiam and a few steps towards the center; the larger of "
    "the gains at weights 1 and 1,000, since the paper's weight was not seen.",
    rule="Shape, one number a seed: holds if the 95 % t interval of the gain lies above 0; does not hold if it lies "
    "below 0.4, half of the paper's 0.8; else undecided. Controls on the page, not judged: no loss at all, "
    "correlations in place of covariances, and the projector with its final BatchNorm.",
    smallest="laptop",
    rows=rows,
    values=values,
)
