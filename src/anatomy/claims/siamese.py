"""Which runs a claim of chapter two judges, and what it reads of them.

An arm is chosen by its settings: what a claim does not name stands at the chapter's base, so a study may grow.
"""

from typing import Any

import numpy as np
import pandas as pd

from anatomy.analysis.phases import phases_of
from anatomy.claims.claim import Tables

BASE: dict[str, Any] = {
    "component": "both",
    "weight": 1.0,
    "regularizer": 1.0,
    "final_norm": False,
    "online": "prediction",
    "temperature": 0.1,
}
IMAGES, STEPS = 1000, 200  # the least that a threshold is judged on


def arm(table: pd.DataFrame, /, **settings: Any) -> pd.DataFrame:
    """Rows of the runs with these settings, all others at the base or lacking. KeyError where no run has a setting."""
    rows = table
    for name, value in settings.items():
        rows = rows[rows[name] == value]
    for name, value in BASE.items():
        if name in rows and name not in settings:
            rows = rows[rows[name].isna() | (rows[name] == value)]
    return rows


def unseen(tables: Tables, /, **settings: Any) -> pd.DataFrame:
    """An arm's rows of `collapse`, one a run. KeyError ("not run") where they rest on too few images or steps."""
    rows = arm(tables["collapse"], **settings).drop_duplicates("key")
    if len(rows) and (rows["images"].min() < IMAGES or rows["steps"].min() < STEPS):
        raise KeyError(f"{IMAGES} unseen images after {STEPS} steps")
    return rows


def threshold(rows: pd.DataFrame, of: str = "z") -> np.ndarray:
    """[n, 2] for a Threshold: spread and m_o of Z, or of P where the predictor stands on both branches."""
    prefix = "p_" if of == "p" else ""
    return by_seed(rows, f"{prefix}spread", f"{prefix}center")


def by_seed(rows: pd.DataFrame, *columns: str) -> np.ndarray:
    """[n, columns], one row a seed. Two runs of a seed differ in something the claim did not name: an error."""
    if rows["seed"].duplicated().any():
        raise ValueError(f"an arm has two runs of one seed: {sorted(rows['key'])}")
    return rows.sort_values("seed")[list(columns)].to_numpy(dtype=float)


def minus(one: pd.DataFrame, other: pd.DataFrame, column: str) -> np.ndarray:
    """One arm less another, paired by seed."""
    pairs = one.merge(other, on="seed", suffixes=("", "_other"))
    return by_seed(pairs.assign(difference=pairs[column] - pairs[f"{column}_other"]), "difference")[:, 0]


def in_batch(tables: Tables, /, **settings: Any) -> pd.DataFrame:
    """An arm's rows of the recorder `geometry` that stem from batches, not from the whole set."""
    geometry = tables["geometry"]
    return arm(geometry[geometry["images"] == geometry["batch_size"]], **settings)


def late(rows: pd.DataFrame, column: str) -> np.ndarray:
    """Mean over the second half of the steps, one a seed."""
    half = rows[rows["step"] >= 0.5 * rows.groupby("key")["step"].transform("max")]
    return half.groupby("seed")[column].mean().sort_index().to_numpy(dtype=float)


def at_ends(rows: pd.DataFrame) -> pd.DataFrame:
    """Of runs that switch: a row for each whole phase, recorded at its end; `objective` is the phase's."""
    found = []
    for _, run in rows.groupby("key"):
        for phase in phases_of(run["phases"].iloc[0], int(run["step"].max())).to_dict("records"):
            inside = run[(run["step"] > phase["start"]) & (run["step"] <= phase["end"])].sort_values("step")
            if phase["whole"] and len(inside):
                found.append(inside.tail(1).assign(objective=phase["objective"]))
    return pd.concat(found) if found else rows.head(0).assign(objective="")


def change(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """What a column gains in the last phase of a run, from its first to its last row: columns seed, key, change."""
    found = []
    for key, run in rows.sort_values("step").groupby("key"):
        start = phases_of(run["phases"].iloc[0], int(run["step"].max()))["start"].iloc[-1]
        last = run[run["step"] >= start][column].to_numpy(dtype=float)
        found.append({"seed": run["seed"].iloc[0], "key": key, "change": last[-1] - last[0]})
    return pd.DataFrame(found, columns=["seed", "key", "change"])
