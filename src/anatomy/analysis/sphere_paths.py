"""The path of each arm on the plane of alignment and uniformity, mean over seeds.

Wang and Isola 2020, arXiv:2005.10242; the rows are those of the recorder `on_sphere`.
"""

from collections.abc import Mapping

import pandas as pd

from anatomy.analysis.keys import with_keys

COLUMNS = ["arm", "step", "alignment", "uniformity", "keys"]


def paths(table: pd.DataFrame | None, arms: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Columns COLUMNS, by the arm's name and then by step; `arms` are rows with the column `key`. Without the
    recorder's table, or without its rows of these arms, it is empty."""
    found = [pd.DataFrame(columns=COLUMNS)]
    for name, rows in arms.items():
        of = pd.DataFrame() if table is None else table[table["key"].isin(rows["key"])]
        if len(of):
            means = of.groupby("step")[["alignment", "uniformity"]].mean().reset_index()
            found.append(with_keys(means, of, ["step"]).assign(arm=name))
    return pd.concat(found[1:] or found, ignore_index=True)[COLUMNS]
