"""normalization-7: on SVHN, GN+ is worse than group normalization."""

import pandas as pd

from anatomy.arms.floor import above_pixels
from anatomy.arms.normalization import BANDS, RATES_BELOW, runs
from anatomy.arms.select import difference
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def layer(tables: Tables, norm: str) -> pd.DataFrame:
    rows = runs(tables["accuracy"], norm=norm, dataset="svhn", **BANDS)
    return rows[rows["learning_rate"] < RATES_BELOW]


def group(tables: Tables) -> pd.DataFrame:
    return layer(tables, "group")


def group_minus_plus(tables: Tables) -> Sample:
    arms = [layer(tables, norm) for norm in ("group", "group_plus")]
    return Sample.of(difference(*(rows.groupby("seed")["accuracy"].mean() for rows in arms)), *arms)


CLAIM = Claim(
    module=__name__,
    statement="On SVHN, GN+ is less accurate than plain group normalization.",
    attribution="code",
    source="agusgun/CS-570-Project, notebooks, one seed, VGG-11, 20 epochs of Adam: GN 93.81 94.16 93.91 93.91 93.04 "
    "%, GN+ 93.08 92.95 92.86 92.57 91.81 % at learning rates 5, 4, 3, 2 and 1e-4.",
    quantity="Accuracy in points, GN minus GN+, mean over five learning rates of Adam, on SVHN.",
    parts={"svhn": Part(Difference(0.5), group_minus_plus, mechanism=above_pixels("GN", group, "linear_probe"))},
    margins="half of the notebooks' 1.1, rounded down",
    notes="Only runs on the data set svhn count.",
    min_preset="laptop",
)
