"""decomposition-12: the learned bias is parallel to the center, and makes predictions' center longer."""

from math import log

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Difference, Equivalence, Tables
from anatomy.claims.siamese import by_seed, unseen


def rows(tables: Tables) -> pd.DataFrame:
    return unseen(tables, method="single_bias")


def values(tables: Tables) -> dict[str, np.ndarray]:
    found = by_seed(rows(tables), "bias_cosine", "length_ratio")
    return {"the bias is parallel": found[:, 0] - 1, "o_p is longer": np.log(found[:, 1])}


CLAIM = Claim(
    module=__name__,
    statement="The single bias grows along the center of the embeddings, so the center of the predictions is longer "
    "than theirs, and the extra gradient o_z - o_p points away from it.",
    whose="ours",
    source="Derived here: with the embeddings frozen, the best bias lies along their center.",
    kind={"the bias is parallel": Equivalence(margin=0.1), "o_p is longer": Difference(margin=log(1.1))},
    quantity="Cosine of b and the center o_z of clean unseen embeddings, minus 1; log of |o_p| / |o_z|.",
    rule="Equivalence: the 95 % t interval of the cosine minus 1 lies within +-0.1; does not hold if outside. "
    "Difference: holds if the interval of the log ratio lies above 0; does not hold if it lies below log 1.1. Else "
    "undecided. In evaluation mode, on 1,000 or more images after 200 or more steps.",
    smallest="laptop",
    rows=rows,
    values=values,
)
