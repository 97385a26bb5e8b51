"""decomposition-12: the learned bias is parallel to the center, and makes predictions' center longer."""

from math import log

import numpy as np

from anatomy.arms.select import by_seed
from anatomy.arms.vector_decomposition import unseen
from anatomy.verdicts import Claim, Difference, Equivalence, Mechanism, Part, Sample, Tables, Threshold


def cosine_less_one(tables: Tables) -> Sample:
    rows = unseen(tables, method="single_bias")
    return Sample.of(by_seed(rows, "bias_cosine").to_numpy() - 1, rows)


def log_length_ratio(tables: Tables) -> Sample:
    rows = unseen(tables, method="single_bias")
    return Sample.of(np.log(by_seed(rows, "length_ratio").to_numpy()), rows)


def not_collapsed(tables: Tables) -> bool:
    return bool((unseen(tables, method="single_bias")["spread"] > Threshold.spread_above).all())


CLAIM = Claim(
    module=__name__,
    statement="The single bias grows along the center of the embeddings, so the center of the predictions is longer "
    "than theirs, and the extra gradient o_z - o_p points away from it.",
    attribution="ours",
    source="Derived here: with the embeddings frozen, the best bias lies along their center.",
    quantity="Cosine of b and the center o_z of clean unseen embeddings, minus 1; log of |o_p| / |o_z|.",
    parts={
        "the bias is parallel": Part(Equivalence(0.1), cosine_less_one, unit=""),
        "o_p is longer": Part(Difference(log(1.1)), log_length_ratio, unit="log"),
    },
    margins="a tenth",
    mechanism=Mechanism("a run has collapsed, or nearly: the standard deviation x sqrt(D) is below 0.6", not_collapsed),
    notes="In evaluation mode, on 1,000 or more images after 200 or more steps.",
    min_preset="laptop",
)
