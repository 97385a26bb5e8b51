"""normalization-5: GN+ is better than group normalization at every batch size."""

import pandas as pd

from anatomy.arms.floor import above_pixels
from anatomy.arms.normalization import batch_sizes, every_size, sweep
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def group(tables: Tables) -> pd.DataFrame:
    return every_size(tables, "group")


def plus_minus_group(tables: Tables) -> dict[str, Sample]:
    return {
        f"batch of {size}": contrast((1, sweep(tables, "group_plus", size)), (-1, sweep(tables, "group", size)))
        for size in batch_sizes(tables)
    }


CLAIM = Claim(
    module=__name__,
    statement="GN+, the learned mix of group and batch statistics, is more accurate than group normalization at "
    "every batch size.",
    attribution="paper",
    source="Gunawan et al. 2022, arXiv:2207.01972, abstract: regardless of batch size. The layer is that of "
    "agusgun/CS-570-Project (GN first); the paper's table of batch sizes was not seen.",
    quantity="Accuracy in points, GN+ minus GN, at each batch size of the sweep: SGD, learning rate in proportion to "
    "the batch size, equal images. GN+ answers in test batches of 100.",
    parts={
        "every batch size": Part(
            Difference(0.5),
            plus_minus_group,
            mechanism=above_pixels("GN over all batch sizes", group, "linear_probe"),
        )
    },
    notes="There is a part for each batch size.",
    min_preset="laptop",
)
