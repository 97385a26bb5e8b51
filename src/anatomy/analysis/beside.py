"""A reader's number beside the published one, where preset, data set and network are equal."""

import pandas as pd


def beside(own: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Columns of the settings, then own, published, low, high, place: inside or outside the published 95 % interval.

    Both tables come from `over_seeds` with the same settings. Where the published one has no interval (one seed), or
    where a setting was not published, nothing is said.
    """
    by = [name for name in own if name not in ("mean", "low", "high", "n", "by_seed", "keys")]
    both = own[[*by, "mean"]].rename(columns={"mean": "own"})
    both = both.merge(published[[*by, "mean", "low", "high"]].rename(columns={"mean": "published"}), on=by, how="left")
    known = both["low"].notna()
    inside = both["own"].between(both["low"], both["high"])
    return both.assign(place=inside.map({True: "inside", False: "outside"}).where(known, ""))
