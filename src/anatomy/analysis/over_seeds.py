"""Mean and interval over seeds: what every figure draws."""

import pandas as pd
from scipy.stats import t


def over_seeds(table: pd.DataFrame, by: list[str], value: str) -> pd.DataFrame:
    """One row for each combination of `by`: mean, low, high, n; 95 %, Student t over the seeds.

    A seed counts once, with the mean of its rows. With one seed low and high are NaN: there is no interval.
    The interval speaks of seeds on this data set, not of new images.
    """
    seeds = table.groupby([*by, "seed"], dropna=False)[value].mean()
    found = seeds.groupby(level=by, dropna=False).agg(["mean", "std", "count"]).reset_index()
    half = found["std"] / found["count"] ** 0.5 * t.ppf(0.975, (found["count"] - 1).clip(lower=1))
    return found[by].assign(mean=found["mean"], low=found["mean"] - half, high=found["mean"] + half, n=found["count"])
