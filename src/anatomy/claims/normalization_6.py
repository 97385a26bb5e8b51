"""normalization-6: GN+ has no answer for one image, and its answers depend on the other images."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Difference, Exact, Tables
from anatomy.claims.norm_arms import arm


def mates(tables: Tables, norm: str) -> pd.DataFrame:
    return arm(tables["batch_mates"], norm=norm)


def rows(tables: Tables) -> pd.DataFrame:
    return pd.concat([mates(tables, norm) for norm in ("group_plus", "group", "batch")])


def values(tables: Tables) -> dict[str, np.ndarray]:
    plus = mates(tables, "group_plus")
    others = pd.concat([mates(tables, norm) for norm in ("group", "batch")])
    return {
        "GN+ depends on batch mates": plus.groupby("seed")["change"].mean().to_numpy(dtype=float),
        "GN and BN do not": others["change"].to_numpy(dtype=float),
        "GN+ has no answer for one image": plus["alone"].to_numpy(dtype=float),
        "GN and BN have one": 1 - others["alone"].to_numpy(dtype=float),
    }


CLAIM = Claim(
    module=__name__,
    statement="GN+ as published has no answer for a single image, and its answer for an image depends on the other "
    "images of the test batch; group and batch normalization have neither flaw.",
    whose="code",
    source="agusgun/CS-570-Project: no running statistics, deviations over the test batch alone (unbiased, so "
    "undefined for one image). That these are flaws is ours.",
    kind={
        "GN+ depends on batch mates": Difference(margin=0.01),
        "GN and BN do not": Exact(tolerance=1e-10),
        "GN+ has no answer for one image": Exact(tolerance=1e-10),
        "GN and BN have one": Exact(tolerance=1e-10),
    },
    quantity="Of trained networks, in float64 and evaluation mode: the largest change of a logit of 4 images when "
    "the other 4 of their batch are exchanged, over the deviation of the logits; share of 4 images that the network "
    "answers one by one.",
    rule="Difference, one number a seed, 95 % t interval, and exact: holds if the interval of GN+'s change lies "
    "above 0, and if GN's and BN's change, GN+'s share and what GN's and BN's share lacks of 1 are under 1e-10; does "
    "not hold if GN+'s change lies below 0.01 or one of the others is larger; else undecided.",
    smallest="laptop",
    rows=rows,
    values=values,
)
