"""Which runs a claim of the normalization chapter compares, chosen by their settings, and their numbers by seed.

Whatever a claim does not name stands at the chapter's base: no noise, no dropout, convolutions as they are.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from anatomy.claims.claim import Tables

BASE: dict[str, Any] = {
    "method": "supervised",
    "noise_deviation": 0.0,
    "dropout": 0.0,
    "standardize": False,
    "order": "group_first",
    "per_channel": False,
    "running": False,
    "estimate": False,
}
BANDS: dict[str, Any] = {"optimizer": "adam", "weight_decay": 0.0}
SWEEP: dict[str, Any] = {"optimizer": "sgd"}
RATES_BELOW = 1e-3  # Adam's rate of the runs with regularization; those of a band are smaller


def arm(table: pd.DataFrame, **settings: Any) -> pd.DataFrame:
    """Rows of the runs with these settings, all others at the base; a run whose parts lack the option stays."""
    found = table
    for name, value in (BASE | settings).items():
        if name not in found and name not in settings:
            continue
        column = found[name]
        same = column == value if isinstance(value, str) else np.isclose(column.astype(float), float(value))
        found = found[same if name in settings else same | column.isna()]
    return found


def bands(tables: Tables) -> pd.DataFrame:
    """The recorded steps of the runs between whose learning rates a band lies."""
    return arm(tables["gradients"], **BANDS)


def accuracy(rows: pd.DataFrame) -> pd.Series:
    """By seed. Two runs of a seed differ in something that the claim did not name: no mean is taken."""
    if rows["seed"].duplicated().any():
        raise ValueError(f"an arm has two runs of one seed: {sorted(rows['key'])}")
    return rows.set_index("seed")["accuracy"].astype(float)


def sweep(tables: Tables, norm: str, batch_size: int, equal: str = "images", **settings: Any) -> pd.DataFrame:
    """The runs of one layer at one batch size; of the two that a batch size may have, equal images or equal steps."""
    rows = arm(tables["accuracy"], norm=norm, batch_size=batch_size, **SWEEP | settings)
    return rows[rows["key"].isin(equal_keys(tables, equal))]


def equal_keys(tables: Tables, equal: str) -> set[str]:
    """Keys of the sweep's runs that saw equal images (the most common number), or made equal steps (all the others)."""
    runs = tables["accuracy"]
    runs = runs[runs["optimizer"] == SWEEP["optimizer"]]
    if runs.empty:
        return set()
    seen = runs["images"].astype(float) * runs["epochs"]
    of_images = np.isclose(seen, seen.mode().iloc[0])
    if equal == "images":
        return set(runs["key"][of_images])
    steps = runs["images"] // runs["batch_size"] * runs["epochs"]
    common = steps[~of_images]
    return set(runs["key"][steps == common.iloc[0]]) if len(common) else set()


def batch_sizes(tables: Tables, equal: str = "images") -> list[int]:
    """Those that both batch and group normalization were trained at, in ascending order."""
    runs = tables["accuracy"]
    runs = runs[runs["key"].isin(equal_keys(tables, equal))]
    both = [{int(size) for size in arm(runs, norm=norm)["batch_size"]} for norm in ("batch", "group")]
    return sorted(both[0] & both[1])


def difference(first: pd.DataFrame, second: pd.DataFrame) -> np.ndarray:
    """Accuracy of the first minus that of the second in points, one a seed that both have [n]."""
    both = pd.concat([accuracy(first), accuracy(second)], axis=1, join="inner").sort_index().to_numpy(dtype=float)
    return both[:, 0] - both[:, 1]


def all_rows(pairs: Mapping[str, tuple[pd.DataFrame, ...]]) -> pd.DataFrame:
    """The rows of every arm that a claim compares."""
    return pd.concat([rows for pair in pairs.values() for rows in pair])
