"""Bands between learning rates: the loss, or the change of the gradient, at the same step of runs that differ in their
learning rate alone. So agusgun/CS-570-Project draws what Santurkar et al. 2018, arXiv:1805.11604, draw along the
gradient from one point (`smoothness`).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from anatomy.analysis.keys import with_keys


def band(table: pd.DataFrame, value: str, by: Sequence[str] = ("norm",)) -> pd.DataFrame:
    """One row a step: `by`, seed, step, low, high, rates (how many learning rates lie between the edges)."""
    known = table.dropna(subset=[value])
    edges = known.groupby([*by, "seed", "step"])[value].agg(["min", "max", "count"]).reset_index()
    return edges.rename(columns={"min": "low", "max": "high", "count": "rates"})


def mean_band(table: pd.DataFrame, value: str, by: Sequence[str] = ("norm",)) -> pd.DataFrame:
    """The edges averaged over the seeds: `by`, step, low, high, keys."""
    found = band(table, value, by).groupby([*by, "step"])[["low", "high"]].mean().reset_index()
    return with_keys(found, table.dropna(subset=value), [*by, "step"])


def smoothness(landscape: pd.DataFrame) -> pd.DataFrame:
    """Effective beta-smoothness along the gradient: the largest `smoothness` over the distances; norm, seed, step,
    keys."""
    by = ["norm", "seed", "step"]
    return with_keys(landscape.groupby(by)["smoothness"].max().reset_index(), landscape, by)


def edge(bands: pd.DataFrame, norm: str, between: tuple[float, float] = (0.0, 1.0)) -> pd.Series:
    """Mean of the upper edge over a range of the steps (shares of the last one), by seed."""
    rows = _of(bands, norm, between)
    return rows["high"].groupby(rows["seed"]).mean()


def width(bands: pd.DataFrame, norm: str) -> pd.Series:
    """Mean width over all steps, by seed."""
    rows = _of(bands, norm, (0.0, 1.0))
    return (rows["high"] - rows["low"]).groupby(rows["seed"]).mean()


def paired(first: pd.Series, second: pd.Series) -> np.ndarray:
    """[n, 2]: both numbers of each seed that both have."""
    return pd.concat([first, second], axis=1, join="inner").sort_index().to_numpy(dtype=float)


def _of(bands: pd.DataFrame, norm: str, between: tuple[float, float]) -> pd.DataFrame:
    """Where not one learning rate is missing: with fewer the band would be narrower for no reason."""
    rows = bands[(bands["norm"] == norm) & (bands["rates"] == bands["rates"].max())]
    share = rows["step"] / bands["step"].max()
    kept: pd.DataFrame = rows[(between[0] <= share) & (share <= between[1])]
    return kept
