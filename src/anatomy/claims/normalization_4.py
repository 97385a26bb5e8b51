"""normalization-4: weight decay hurts group normalization more, dropout does not."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Difference, Equivalence, Tables
from anatomy.claims.norm_arms import RATES_BELOW, arm, difference

DECAY, DROPOUT = 5e-4, 0.3
Pair = tuple[pd.DataFrame, pd.DataFrame]


def regularized(tables: Tables, norm: str, decay: float = 0.0, dropout: float = 0.0) -> pd.DataFrame:
    rows = arm(tables["accuracy"], norm=norm, optimizer="adam", weight_decay=decay, dropout=dropout)
    return rows[np.isclose(rows["learning_rate"], RATES_BELOW)]


def pairs(tables: Tables) -> dict[str, Pair]:
    """With and without, for each layer."""
    plain = {norm: regularized(tables, norm) for norm in ("group", "batch")}
    return {
        f"{name}, {norm}": (regularized(tables, norm, **with_it), plain[norm])
        for name, with_it in (("decay", {"decay": DECAY}), ("dropout", {"dropout": DROPOUT}))
        for norm in ("group", "batch")
    }


def rows(tables: Tables) -> pd.DataFrame:
    return pd.concat([rows for pair in pairs(tables).values() for rows in pair])


def values(tables: Tables) -> dict[str, np.ndarray] | None:
    gain = {name: difference(*pair) for name, pair in pairs(tables).items()}
    if len({len(points) for points in gain.values()}) > 1:
        return None  # an arm is missing for some seed
    return {
        "decay": gain["decay, batch"] - gain["decay, group"],
        "dropout": gain["dropout, group"] - gain["dropout, batch"],
    }


CLAIM = Claim(
    module=__name__,
    statement="Weight decay costs a network with group normalization more accuracy than one with batch "
    "normalization; dropout does not.",
    whose="code",
    source="agusgun/CS-570-Project, notebooks, one seed: with Adam's weight decay 5e-5, mean change over five "
    "learning rates GN -0.84 and BN -0.40 points; with dropout 0.3 GN +3.7 and BN +1.6. Here the decay is ten times "
    "larger.",
    kind={"decay": Difference(margin=0.2), "dropout": Equivalence(margin=1.0, one_sided=True)},
    quantity="Accuracy in points, change by weight decay 5e-4 (in the gradient): BN's minus GN's; change by dropout "
    "0.3 after each pool: GN's minus BN's.",
    rule="Difference and one-sided equivalence, paired by seed, 95 % t intervals: holds if the interval for weight "
    "decay lies above 0 and that for dropout above -1 point; does not hold if the first lies below 0.2 points (half "
    "of the notebooks' effect) or the second below -1; else undecided. At equal steps.",
    smallest="overnight",
    rows=rows,
    values=values,
)
