"""An arm is chosen by its settings, and its numbers are paired by seed.

Whatever is not named stands at the chapter's base, so a study may grow by other arms.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from anatomy.verdicts.claim import Sample

ANY = "any"  # some value, whichever


def select(table: pd.DataFrame, base: Mapping[str, object], /, **settings: object) -> pd.DataFrame:
    """Rows of the runs with these settings, and with all others at `base`, or without such an option.

    Numbers are compared as floats; None means "no value" and ANY "some value". KeyError (to `judge`: not run) for a
    setting that no run has.
    """
    # A column is compared where the ones before it fit: tables have tens of thousands of rows. In NumPy: for columns as
    # short as these, pandas takes ten times as long.
    rows = np.arange(len(table))
    for name, value in settings.items():
        rows = rows[_equal(_values(table[name], rows), value)]
    for name, value in base.items():
        if len(rows) and name not in settings and name in table:
            values = _values(table[name], rows)
            rows = rows[pd.isna(values) | _equal(values, value)]
    return table.iloc[rows]


def by_seed(rows: pd.DataFrame, column: str) -> pd.Series:
    """One number a seed. Two runs of a seed differ in something the claim did not name: an error, and no mean."""
    if rows["seed"].duplicated().any():
        raise ValueError(f"an arm has two runs of one seed: {sorted(rows['key'])}")
    return pd.Series(rows[column].to_numpy(dtype=float), index=rows["seed"].array).sort_index()


def contrast(*terms: tuple[int | float, pd.DataFrame], of: str = "accuracy") -> Sample:
    """The weighted sum of a column over arms, one number for each seed that all of them have."""
    columns = [weight * by_seed(rows, of) for weight, rows in terms]
    return Sample.of(joined(*columns).sum(axis=1), *(rows for _, rows in terms))


def difference(one: pd.Series, other: pd.Series) -> np.ndarray:
    """One minus other, for the seeds that both have [n]."""
    both = joined(one, other)
    return both[:, 0] - both[:, 1]


def joined(*columns: pd.Series) -> np.ndarray:
    """Numbers by seed side by side [n, columns], for the seeds that all have."""
    return pd.concat(columns, axis=1, join="inner").sort_index().to_numpy(dtype=float)


def recorded(table: pd.DataFrame, of: pd.DataFrame, column: str, *, share: int | float) -> pd.Series:
    """Mean by seed of what a recorder wrote down of an arm's runs, over the last `share` of the steps.

    KeyError if it wrote down nothing: to `judge`, not run.
    """
    rows = table[table["key"].isin(of["key"])]
    if rows.empty:
        raise KeyError(f"{column} of these runs")
    return late(rows, column, share=share)


def late(rows: pd.DataFrame, column: str, *, share: int | float) -> pd.Series:
    """Mean of a column over the last `share` of the steps of each run, by seed."""
    steps = rows["step"] >= (1 - share) * rows.groupby("key")["step"].transform("max")
    return rows[steps].groupby("seed")[column].mean().sort_index()


def _values(column: pd.Series, rows: np.ndarray) -> np.ndarray:
    """Of some rows; words as objects."""
    return np.asarray(column.array.take(rows), dtype=None if isinstance(column.dtype, np.dtype) else object)


def _equal(values: np.ndarray, value: Any) -> np.ndarray:  # of any option
    if value is None:
        return pd.isna(values)
    if isinstance(value, str):
        words = values.astype(object)
        return ~pd.isna(words) if value == ANY else np.array([word == value for word in words], dtype=bool)
    numbers = values.astype(float)  # Booleans beside missing values are objects
    return np.isclose(numbers, float(value))
