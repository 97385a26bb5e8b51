"""decomposition-10: SimSiam and InfoNCE end with a lower covariance than a loss without the residual gradient."""

from math import log

import pandas as pd

from anatomy.arms.select import contrast
from anatomy.arms.vector_decomposition import unseen
from anatomy.verdicts import Claim, Mechanism, Part, Sample, Shape, Tables

MIN_SPREAD = 0.3  # the spread below which there is too little left to correlate


def arms(tables: Tables) -> list[pd.DataFrame]:
    """SimSiam without the residual gradient, SimSiam, InfoNCE."""
    return [
        unseen(tables, method="simsiam", component="center"),
        unseen(tables, method="simsiam"),
        unseen(tables, method="simco", loss="info_nce"),
    ]


def over(place: int) -> Part:
    def draw(tables: Tables) -> Sample:
        found = arms(tables)
        return contrast((1, found[0]), (-1, found[place]), of="log_covariance")

    return Part(Shape(log(10) / 2), draw, unit="log")


def has_spread(tables: Tables) -> bool:
    return bool((pd.concat(arms(tables))["spread"] > MIN_SPREAD).all())


CLAIM = Claim(
    module=__name__,
    statement="SimSiam and InfoNCE lower the covariance between dimensions; without the residual gradient it stays "
    "high.",
    attribution="paper",
    source="Figure 6 of Zhang et al. 2022, arXiv:2203.16262, read off the curves: after 200 epochs about 0.0002 for "
    "InfoNCE, 0.0004 for SimSiam, 0.0040 without r_e (of SimSiam, as we suppose).",
    quantity="Log of the sum over i != j of C_ij^2 of clean unseen unit embeddings Z: SimSiam with o_e alone minus "
    "SimSiam, and minus InfoNCE.",
    parts={"over SimSiam": over(1), "over InfoNCE": over(2)},
    margins="half of log 10, the paper's factor",
    mechanism=Mechanism("the standard deviation x sqrt(D) is below 0.3 in any run", has_spread),
    notes="What has collapsed has no covariance either, and not because it was decorrelated.",
    min_preset="overnight",
)
