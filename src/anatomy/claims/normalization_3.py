"""normalization-3: noise shared by the groups stops group normalization, and not batch normalization."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Difference, Tables
from anatomy.claims.norm_arms import arm

CHANCE = 2.29  # nats; ln 10 = 2.303 is the loss of one who knows nothing of ten classes
FULL, QUARTER = 1.001, 1.001 / 4


def noisy(tables: Tables, norm: str, deviation: float) -> pd.DataFrame:
    return arm(tables["gradients"], norm=norm, noise_deviation=deviation)


def last_loss(table: pd.DataFrame) -> pd.Series:
    """Mean loss of the last two means of ten steps, by seed."""
    last = table["step"] > table["step"].max() - 20
    return table[last].groupby("seed")["loss"].mean()


def rows(tables: Tables) -> pd.DataFrame:
    arms = (("group", FULL), ("batch", FULL), ("group", QUARTER))
    return pd.concat([noisy(tables, norm, deviation) for norm, deviation in arms])


def values(tables: Tables) -> dict[str, np.ndarray]:
    def above(norm: str, deviation: float) -> np.ndarray:
        return last_loss(noisy(tables, norm, deviation)).sort_index().to_numpy(dtype=float) - CHANCE

    return {
        "group does not learn": above("group", FULL),
        "batch does": -above("batch", FULL),
        "group does, with a quarter of it": -above("group", QUARTER),
    }


CLAIM = Claim(
    module=__name__,
    statement="One Gaussian number of deviation 1 for each image and group of channels, added behind every "
    "normalization layer, keeps a VGG with group normalization from learning at Adam's 1e-3, but not one with batch "
    "normalization; a quarter of it does not.",
    whose="code",
    source="agusgun/CS-570-Project, notebooks: mean 0.001 and deviation 1.001, VGG-11 on CIFAR-10, 50 epochs: GN "
    "10.00 % (one seed), BN 82.07 %. The quarter is our control.",
    kind={
        "group does not learn": Difference(margin=0.01),
        "batch does": Difference(margin=0.05),
        "group does, with a quarter of it": Difference(margin=0.05),
    },
    quantity="Mean training loss of the last 20 steps against 2.29 nats (10 classes; ln 10 = 2.303): GN's minus "
    "2.29, 2.29 minus BN's, and 2.29 minus GN's with mean and deviation divided by 4.",
    rule="Difference, one number a seed, 95 % t intervals: holds if all three intervals lie above 0; does not hold "
    "if the first lies below 0.01 nats or another below 0.05; else undecided. It speaks of the end of these runs: a "
    "delay that lasts longer than they do looks the same.",
    smallest="laptop",
    rows=rows,
    values=values,
)
