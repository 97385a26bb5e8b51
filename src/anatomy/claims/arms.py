"""Which runs a claim of chapter one compares, and their accuracies paired by seed.

An arm is chosen by its settings, so a study may grow by other arms: whatever a claim does not name
stands at the chapter's base. Runs that served the tuning (stage `tuning`) are in no arm.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from anatomy.claims.claim import Tables

BATCH = 256
PAPER, BEST = "paper", "best"  # stages: the paper's settings; each arm at its own best
# One factor at a time departs from these; a run whose parts lack the option has no value there.
BASE: dict[str, Any] = {
    "batch_size": BATCH,
    "momentum": 0.99,
    "temperature_inter": 1.0,
    "queue_skip": 0,
    "queue_size_inter": None,
    "exclude_own": False,
    "detach_keys": False,
}
ANY = "any"  # some value, whichever
TEMPERATURES = {"temperature": 0.1, "temperature_intra": 0.1}
Contrast = Sequence[tuple[int | float, pd.DataFrame]]  # weight and arm, in the order of the sum


def arm(tables: Tables, stage: str = PAPER, /, **settings: Any) -> pd.DataFrame:
    """Rows of the kNN table, one a run, with these settings and all others at their base.

    Numbers are compared as floats, None means "no value" and ANY "some value". The base length is the shortest of the
    paper's stage. At its own best an arm's temperatures and learning rate are what tuning chose.
    No such run gives no rows; a setting that no run has raises KeyError (to `judge`: not run).
    """
    knn = tables["knn"]
    found = _of_stage(knn, stage).drop_duplicates("key")
    base = BASE if stage == BEST else BASE | TEMPERATURES
    base = base | {"symmetric": settings["method"] == "simco", "epochs": epochs(tables)}
    for name, value in settings.items():
        found = found[_equal(found[name], value)]
    for name, value in base.items():
        if name not in settings and name in found:
            found = found[found[name].isna() | _equal(found[name], value)]
    return found


def epochs(tables: Tables) -> float:
    """The base length of a run: the shortest of the paper's stage."""
    return float(_of_stage(tables["knn"], PAPER)["epochs"].min())


def largest_queue(tables: Tables) -> float:
    """The largest dictionary of any run of MoCo v2 in the paper's stage, so that one arm still
    missing does not make a smaller one the largest; NaN, which no run has, if there is none."""
    runs = _of_stage(tables["knn"], PAPER)
    return float(runs[runs["method"] == "mocov2"]["queue_size"].max())


def judged(contrasts: Mapping[str, Contrast]) -> dict[str, np.ndarray]:
    """Each contrast's weighted sum of accuracies in points, one a seed that all of its arms have."""
    return {part: _sum(contrast) for part, contrast in contrasts.items()}


def judged_rows(contrasts: Mapping[str, Contrast]) -> pd.DataFrame:
    """The rows of all their arms."""
    return pd.concat([rows for contrast in contrasts.values() for _, rows in contrast])


def late(table: pd.DataFrame, of: pd.DataFrame, column: str) -> pd.Series:
    """Mean of a recorded column over the last tenth of the steps of an arm's runs, by seed.

    KeyError if nothing was recorded of these runs, which is "not measured" to `judge`.
    """
    rows = table[table["key"].isin(of["key"])]
    if rows.empty:
        raise KeyError(f"{column} of these runs")
    last = rows[rows["step"] >= 0.9 * rows.groupby("key")["step"].transform("max")]
    return last.groupby("seed")[column].mean()


def spread_of_weights(tables: Tables, of: pd.DataFrame) -> float:
    """CV of W at a temperature of 0.1, whatever the loss uses, late in an arm's runs, over seeds."""
    hardness = tables["hardness"]  # its `temperature` is that of W, not of the loss
    return float(late(hardness[_equal(hardness["temperature"], 0.1)], of, "cv").mean())


def _of_stage(rows: pd.DataFrame, stage: str) -> pd.DataFrame:
    """A run that is both may stand twice, or once with the stage `paper, best`."""
    return rows[rows["stage"].astype(str).str.contains(rf"\b{stage}\b")]


def _equal(column: pd.Series, value: Any) -> pd.Series:
    if value is None:
        return column.isna()
    if value == ANY:
        return column.notna()
    if isinstance(value, str):
        return column == value
    numbers = column.astype(float)  # Booleans beside missing values are objects
    return pd.Series(np.isclose(numbers, float(value)), index=column.index)


def _sum(contrast: Contrast) -> np.ndarray:
    by_seed = [weight * _accuracy(rows) for weight, rows in contrast]
    return pd.concat(by_seed, axis=1, join="inner").sort_index().to_numpy(dtype=float).sum(axis=1)


def _accuracy(rows: pd.DataFrame) -> pd.Series:
    """By seed. Two runs of a seed differ in something the claim did not name: no mean is taken."""
    if rows["seed"].duplicated().any():
        raise ValueError(f"an arm has two runs of one seed: {sorted(rows['key'])}")
    return rows.set_index("seed")["accuracy"].astype(float)
