"""Which runs a row of a small table rests on: its column `keys`, made from the column `key` of the rows of runs.

So each number that is drawn is followed to its runs. A table that names no runs gives none.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

KEY, KEYS = "key", "keys"  # of one run; of several, sorted, with a space between


def together(keys: Iterable[str]) -> str:
    """Each key once, sorted, with a space between; an entry may hold several."""
    return " ".join(sorted({key for each in keys for key in each.split()}))


def keys_of(table: pd.DataFrame) -> list[str]:
    """Of all rows, each once, sorted."""
    return together(table[KEYS if KEYS in table else KEY]).split() if {KEY, KEYS} & {*table} else []


def with_keys(found: pd.DataFrame, table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """`found`, one row for each combination of `by`, with the keys of those rows of `table` that it was made of."""
    of = KEYS if KEYS in table else KEY
    if of not in table:
        return found
    if found.empty:
        return found.assign(**{KEYS: pd.Series(dtype=object)})
    groups = table.groupby(by, dropna=False, sort=False)
    first = table[by][~table.duplicated(by)].reset_index(drop=True)
    return found.merge(first.assign(**{KEYS: _by_group(groups.ngroup().to_numpy(), table[of])}), on=by, how="left")


def _by_group(groups: np.ndarray, keys: pd.Series) -> list[str]:
    """Of each group its keys; groups by number. Most groups are of the same runs, so each set is joined once."""
    codes, names = pd.factorize(keys)
    pairs = np.unique(np.stack([groups, codes]), axis=1)
    sets = np.split(pairs[1], np.flatnonzero(np.diff(pairs[0])) + 1)
    joined: dict[bytes, str] = {}
    for one in sets:
        if one.tobytes() not in joined:
            joined[one.tobytes()] = together(names[one])
    return [joined[one.tobytes()] for one in sets]
