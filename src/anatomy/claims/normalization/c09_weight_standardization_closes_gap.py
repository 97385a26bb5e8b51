"""normalization-9: with weight standardization, group normalization is as good as batch normalization."""

import numpy as np
import pandas as pd

from anatomy.arms.floor import above_pixels
from anatomy.arms.normalization import batch_sizes, every_size, sweep
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Equivalence, Mechanism, Part, Sample, Tables

MIN_GAP = 1.0  # points, GN behind BN: what there is to recover


def batch_norm(tables: Tables) -> pd.DataFrame:
    return every_size(tables, "batch")


def against_batch(tables: Tables) -> dict[str, Sample]:
    """GN with weight standardization, and batch-channel normalization where it was trained."""
    found: dict[str, Sample] = {}
    for size in batch_sizes(tables):
        batch, channel = sweep(tables, "batch", size), sweep(tables, "batch_channel", size)
        found[f"GN and WS, batch of {size}"] = contrast(
            (1, sweep(tables, "group", size, standardize=True)), (-1, batch)
        )
        if len(channel):
            found[f"BCN, batch of {size}"] = contrast((1, channel), (-1, batch))
    return found


def group_is_behind(tables: Tables) -> bool:
    behind = [contrast(*((sign, sweep(tables, norm, size)) for sign, norm in ((1, "batch"), (-1, "group"))))
              for size in batch_sizes(tables)]  # fmt: skip
    return bool(np.concatenate([sample.values for sample in behind]).mean() >= MIN_GAP)


CLAIM = Claim(
    module=__name__,
    statement="Group normalization with weight standardization, and batch-channel normalization, are as accurate as "
    "batch normalization at every batch size.",
    attribution="ours",
    source="Known to us at second hand. Qiao et al. 2019, arXiv:1903.10520 and arXiv:1911.09738, propose both "
    "layers; their tables were not seen.",
    quantity="Accuracy in points, GN with weight standardization minus BN at each batch size of the sweep, and "
    "batch-channel normalization minus BN where it was trained: SGD, learning rate in proportion to the batch size, "
    "equal images.",
    parts={
        "every batch size": Part(
            Equivalence(1.0, one_sided=True),
            against_batch,
            mechanism=above_pixels("BN over all batch sizes", batch_norm, "linear_probe"),
        )
    },
    margins="one point",
    mechanism=Mechanism(
        "GN without either lies less than 1 point behind BN (mean over batch sizes and seeds), and there is nothing to "
        "recover",
        group_is_behind,
    ),
    notes="There is a part for each batch size.",
    min_preset="laptop",
)
