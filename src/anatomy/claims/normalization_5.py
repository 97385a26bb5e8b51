"""normalization-5: GN+ is better than group normalization at every batch size."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Difference, Tables
from anatomy.claims.norm_arms import all_rows, batch_sizes, difference, sweep


def pairs(tables: Tables) -> dict[str, tuple[pd.DataFrame, ...]]:
    return {
        f"batch of {size}": tuple(sweep(tables, norm, size) for norm in ("group_plus", "group"))
        for size in batch_sizes(tables)
    }


def rows(tables: Tables) -> pd.DataFrame:
    return all_rows(pairs(tables))


def values(tables: Tables) -> dict[str, np.ndarray]:
    return {part: difference(*pair) for part, pair in pairs(tables).items()}


CLAIM = Claim(
    module=__name__,
    statement="GN+, the learned mix of group and batch statistics, is more accurate than group normalization at "
    "every batch size.",
    whose="paper",
    source="Gunawan et al. 2022, arXiv:2207.01972, abstract: regardless of batch size. The layer is that of "
    "agusgun/CS-570-Project (GN first); the paper's table of batch sizes was not seen.",
    kind=Difference(margin=0.5),
    quantity="Accuracy in points, GN+ minus GN, at each batch size of the sweep: SGD, learning rate in proportion to "
    "the batch size, equal images. GN+ answers in test batches of 100.",
    rule="Difference, paired by seed, 95 % t intervals: holds if the interval lies above 0 at every batch size; does "
    "not hold if it lies below 0.5 points at one of them (no effect of the paper's was at hand to halve); else "
    "undecided.",
    smallest="laptop",
    rows=rows,
    values=values,
)
