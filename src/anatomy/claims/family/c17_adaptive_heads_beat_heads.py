"""family-17: AMCL's temperatures add to its several heads."""

import pandas as pd

from anatomy.arms.loss_family import accuracies, learned
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def adaptive_minus_heads(tables: Tables) -> Sample:
    return contrast((1, accuracies(tables, "", method="amcl")), (-1, heads(tables)))


def heads(tables: Tables) -> pd.DataFrame:
    return accuracies(tables, "info_nce", method="multi_head")


CLAIM = Claim(
    module=__name__,
    statement="AMCL gives a higher accuracy than the plain mean of InfoNCE over as many heads.",
    attribution="ours",
    source="Restated here. Wang et al. 2024, arXiv:2310.05615: the abstract has AMCL above the methods that it is "
    "added to, equation 2.1 was read in a picture of the authors' repository (LeiWangR/cl), and no table was seen.",
    quantity="kNN accuracy in points at a batch of 256, three heads: AMCL with the constants of its code minus InfoNCE "
    "at T = 0.1, mean over heads.",
    parts={
        "AMCL minus heads": Part(
            Difference(0.5), adaptive_minus_heads, mechanism=learned("SimCo's InfoNCE over three heads", heads)
        )
    },
    notes="What Omega's D means was not found; it is the size of the embedding here.",
    min_preset="overnight",
)
