"""normalization-9: with weight standardization, group normalization is as good as batch normalization."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Equivalence, Tables
from anatomy.claims.norm_arms import all_rows, batch_sizes, difference, sweep

Pairs = dict[str, tuple[pd.DataFrame, ...]]
BEHIND = 1.0  # points, GN behind BN: what there is to recover


def pairs(tables: Tables) -> Pairs:
    """GN with weight standardization, and batch-channel normalization where it was trained, each against BN."""
    found: Pairs = {}
    for size in batch_sizes(tables):
        batch = sweep(tables, "batch", size)
        found[f"GN and WS, batch of {size}"] = (sweep(tables, "group", size, standardize=True), batch)
        channel = sweep(tables, "batch_channel", size)
        if len(channel):
            found[f"BCN, batch of {size}"] = (channel, batch)
    return found


def rows(tables: Tables) -> pd.DataFrame:
    return all_rows(pairs(tables))


def values(tables: Tables) -> dict[str, np.ndarray]:
    return {part: difference(*pair) for part, pair in pairs(tables).items()}


def mechanism(tables: Tables) -> bool:
    behind = [difference(*(sweep(tables, norm, size) for norm in ("batch", "group"))) for size in batch_sizes(tables)]
    return bool(np.concatenate(behind).mean() >= BEHIND)


CLAIM = Claim(
    module=__name__,
    statement="Group normalization with weight standardization, and batch-channel normalization, are as accurate as "
    "batch normalization at every batch size.",
    whose="ours",
    source="Known to us at second hand. Qiao et al. 2019, arXiv:1903.10520 and arXiv:1911.09738, propose both "
    "layers; their tables were not seen.",
    kind=Equivalence(margin=1.0, one_sided=True),
    quantity="Accuracy in points, GN with weight standardization minus BN at each batch size of the sweep, and "
    "batch-channel normalization minus BN where it was trained: SGD, learning rate in proportion to the batch size, "
    "equal images.",
    rule="One-sided equivalence, paired by seed, 95 % t intervals: holds if every interval lies above -1 point; does "
    "not hold if one lies below -1 point; else undecided. Undecided too if GN without either lies less than 1 point "
    "behind BN (mean over batch sizes and seeds): then there is nothing to recover.",
    smallest="laptop",
    rows=rows,
    values=values,
    mechanism=mechanism,
)
