"""Mean and interval over seeds: what every figure draws."""

from typing import Any

import pandas as pd
from scipy.special import stdtrit  # not scipy.stats, whose import takes half a second

from anatomy.analysis.keys import with_keys
from anatomy.errors import InputError


def over_seeds(table: pd.DataFrame, by: list[str], value: str) -> pd.DataFrame:
    """One row for each combination of `by`: mean, low, high, n, by_seed (the number of each seed), keys.

    low and high are 95 %, Student t over the seeds. A seed has one row (NaN does not count); InputError where it has
    several, which are no further seeds.
    With one seed low and high are NaN: there is no interval.
    The interval speaks of seeds on this data set, not of new images.
    """
    seeds = table.groupby([*by, "seed"], dropna=False)[value].agg(["mean", "count"])
    _check_one_row(seeds["count"], value)
    found = seeds["mean"].groupby(level=by, dropna=False).agg(["mean", "std", "count"]).reset_index()
    half = found["std"] / found["count"] ** 0.5 * stdtrit((found["count"] - 1).clip(lower=1), 0.975)
    each = seeds["mean"].groupby(level=by, dropna=False).agg(tuple).rename("by_seed").reset_index()
    found = found[by].assign(mean=found["mean"], low=found["mean"] - half, high=found["mean"] + half, n=found["count"])
    found = found.merge(each, on=by, how="left")
    return with_keys(found, table.dropna(subset=value), by)


def _check_one_row(rows: pd.Series, value: str) -> None:
    """InputError where a seed has several rows of the same settings."""
    if len(rows) and rows.max() > 1:
        place: Any = rows.idxmax()  # one value for each name of the index, of whatever type
        settings = ", ".join(f"{name} {entry}" for name, entry in zip(rows.index.names, place, strict=True))
        raise InputError(
            f"{value} has {rows.max()} rows for {settings}, but a mean over seeds wants one a seed; "
            "keep one of them, or add the column that tells them apart"
        )


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """As a page prints it: two decimals, without the numbers and keys of single runs."""
    return table.drop(columns=["by_seed", "keys"], errors="ignore").round(2)
