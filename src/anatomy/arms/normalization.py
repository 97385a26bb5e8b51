"""Arms of chapter four: one network with one layer changed at a time.

What is not named stands at the chapter's base: no noise, no dropout, convolutions as they are.
"""

import numpy as np
import pandas as pd

from anatomy.arms.select import select
from anatomy.settings import Settings
from anatomy.verdicts.claim import Tables

BASE: Settings = {
    "method": "supervised",
    "noise_deviation": 0.0,
    "dropout": 0.0,
    "standardize": False,
    "order": "group_first",
    "per_channel": False,
    "running": False,
    "estimate": False,
}
BANDS: Settings = {"optimizer": "adam", "weight_decay": 0.0}
SWEEP: Settings = {"optimizer": "sgd"}
RATES_BELOW = 1e-3  # Adam's rate of the runs with regularization; those of a band are smaller


def runs(table: pd.DataFrame, /, **settings: object) -> pd.DataFrame:
    """Rows of the runs with these settings, all others at the chapter's base."""
    return select(table, BASE, **settings)


def bands(tables: Tables) -> pd.DataFrame:
    """The recorded steps of the runs between whose learning rates a band lies."""
    return runs(tables["gradients"], **BANDS)


def sweep(tables: Tables, norm: str, batch_size: int, equal: str = "images", **settings: object) -> pd.DataFrame:
    """The runs of one layer at one batch size; of the two that a batch size may have, equal images or equal steps."""
    rows = runs(tables["accuracy"], norm=norm, batch_size=batch_size, **SWEEP | settings)
    return rows[rows["key"].isin(equal_keys(tables, equal))]


def every_size(tables: Tables, norm: str) -> pd.DataFrame:
    """The runs of one layer at all batch sizes, on equal images."""
    rows = [sweep(tables, norm, size) for size in batch_sizes(tables)]
    return pd.concat(rows) if rows else tables["accuracy"].head(0)


def equal_keys(tables: Tables, equal: str) -> set[str]:
    """Keys of the sweep's runs that saw equal images (the most common number), or made equal steps (all the others)."""
    rows = tables["accuracy"]
    rows = rows[rows["optimizer"] == SWEEP["optimizer"]]
    if rows.empty:
        return set()
    seen = rows["images"].astype(float) * rows["epochs"]
    of_images = np.isclose(seen, seen.mode().iloc[0])
    if equal == "images":
        return set(rows["key"][of_images])
    steps = rows["images"] // rows["batch_size"] * rows["epochs"]
    common = steps[~of_images]
    return set(rows["key"][steps == common.iloc[0]]) if len(common) else set()


def batch_sizes(tables: Tables, equal: str = "images") -> list[int]:
    """Those that both batch and group normalization were trained at, in ascending order."""
    rows = tables["accuracy"]
    rows = rows[rows["key"].isin(equal_keys(tables, equal))]
    both = [{int(size) for size in runs(rows, norm=norm)["batch_size"]} for norm in ("batch", "group")]
    return sorted(both[0] & both[1])
