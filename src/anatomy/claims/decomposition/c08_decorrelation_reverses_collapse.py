"""decomposition-8: a loss that only decorrelates brings a collapsed network back."""

import pandas as pd

from anatomy.arms.vector_decomposition import change, in_batch
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables


def gained(tables: Tables) -> Sample:
    """By the covariance loss at every weight that was run, without the projector's final BatchNorm."""
    weights = tables["runs"]["regularizer"].dropna().unique()
    rows = pd.concat([in_batch(tables, method="phases", regularizer=weight) for weight in weights])
    rows = rows[rows["phases"].str.contains("center .*covariance")]
    gain = change(rows, "residual")
    return Sample.of(gain.groupby("seed")["change"].max().sort_index().to_numpy(), rows)


CLAIM = Claim(
    module=__name__,
    statement="After a network has collapsed, the decorrelation loss alone brings its residuals back.",
    attribution="paper",
    source="Figure 5b of Zhang et al. 2022, arXiv:2203.16262, read off the curves: m_r falls to about 0.2 and rises "
    "back to about 1 within tens of steps; the loss is their Algorithm 6, sum over i != j of C_ij^2 / D.",
    quantity="m_r in the training batch at the end of the last phase, in which the loss of Algorithm 6 on unit "
    "embeddings acts alone, minus m_r at its start, after SimSiam and a few steps towards the center; the larger of "
    "the gains at weights 1 and 1,000, since the paper's weight was not seen.",
    parts={"m_r": Part(Shape(0.4), gained, unit="")},
    margins="half of the paper's 0.8",
    notes="Controls on the page, not judged: no loss at all, correlations in place of covariances, and the projector "
    "with its final BatchNorm.",
    min_preset="laptop",
)
