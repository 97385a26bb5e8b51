"""Arms over their seeds, each by itself and against another.

Weights at the start, order of images and views are equal in two arms of one seed, so a difference is taken seed by
seed, where the seed's own luck cancels.
"""

from collections.abc import Iterable, Mapping

import pandas as pd

from anatomy.analysis.keys import with_keys
from anatomy.analysis.over_seeds import over_seeds
from anatomy.hardware.processors import MADE_ON

Arms = Mapping[str, tuple[pd.DataFrame, pd.DataFrame]]


def paired(arms: Arms, value: str = "accuracy") -> pd.DataFrame:
    """Columns comparison, seed, difference, keys: of each pair of arms the first minus the second, for seeds that both
    have, from one kind of processor.

    An arm is a table with one row a seed; a pair with an arm that was not run has no rows.
    """
    tables = [_paired(*pair, value).assign(comparison=name) for name, pair in arms.items()]
    return pd.concat([pd.DataFrame(columns=["seed", "difference", "comparison"]), *(t for t in tables if len(t))])


def _paired(first: pd.DataFrame, second: pd.DataFrame, value: str) -> pd.DataFrame:
    one, other = (rows.set_index("seed") for rows in (first, second))
    found = (one[value] - other[value]).dropna().astype(float).rename("difference")
    if MADE_ON in one and MADE_ON in other:  # the difference of two processors would pass for one of the arms
        found = found[one[MADE_ON].reindex(found.index) == other[MADE_ON].reindex(found.index)]
    return with_keys(found.reset_index(), pd.concat([first, second]), ["seed"])


def means(arms: Mapping[str, pd.DataFrame], value: str = "accuracy") -> pd.DataFrame:
    """Columns arm, mean, low, high, n, in the order given; an arm that was not run is left out."""
    table = pd.concat([rows.assign(arm=name) for name, rows in arms.items()])
    return _in_order(over_seeds(table, ["arm"], value), "arm", arms)


def differences(arms: Arms, value: str = "accuracy") -> pd.DataFrame:
    """Columns comparison, mean, low, high, n, in the order given: the mean paired difference and its 95 % interval."""
    table = over_seeds(paired(arms, value).astype({"difference": float}), ["comparison"], "difference")
    return _in_order(table, "comparison", arms)


def _in_order(table: pd.DataFrame, column: str, names: Iterable[str]) -> pd.DataFrame:
    place = {name: number for number, name in enumerate(names)}
    return table.sort_values(column, key=lambda given: given.map(place), ignore_index=True)
