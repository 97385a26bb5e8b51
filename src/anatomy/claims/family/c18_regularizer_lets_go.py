"""family-18: AMCL's regularizer does not keep every head's temperature from its lower limit."""

import numpy as np
import pandas as pd

from anatomy.arms.loss_family import accuracies
from anatomy.arms.select import recorded
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables

LOW = 1e-3  # a hundred times the limit


def below(tables: Tables) -> Sample:
    """Decades by which the lowest head's mean tau+ lies below `LOW`, at the end."""
    arm = accuracies(tables, "", method="amcl")
    heads = [recorded(rows, arm, "mean", share=0.1) for _, rows in tables["temperatures"].groupby("head")]
    lowest = pd.concat(heads, axis=1).min(axis=1)
    return Sample.of(np.log10(LOW / lowest.to_numpy(dtype=float)), arm)


CLAIM = Claim(
    module=__name__,
    statement="With the constants of its code, AMCL's regularizer does not hold the temperatures of positives: those "
    "of at least one head end below 0.001, near the lower limit of 0.00001.",
    attribution="ours",
    source="Derived here from equation 2.1 of Wang et al. 2024, arXiv:2310.05615, and Omega of the authors' code "
    "(LeiWangR/cl): the terms in tau+ are -(s - beta) / tau + beta D / 2 log tau, which fall without limit as "
    "tau goes to 0 where s > beta, and beta is 0.1.",
    quantity="Decades by which the mean tau+ of the head where it is lowest lies below 0.001, over the last tenth of "
    "the steps.",
    parts={"decades below 0.001": Part(Shape(0.5), below, unit="decades")},
    margins="half a decade",
    min_preset="overnight",
)
