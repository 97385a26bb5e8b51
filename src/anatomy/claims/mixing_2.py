"""mixing-2: some synthetic negatives are harder than every real one."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Difference, Tables
from anatomy.claims.mixes import difference, mixed, noted


def rows(tables: Tables) -> pd.DataFrame:
    return mixed(tables, "mochi")


def values(tables: Tables) -> dict[str, np.ndarray]:
    table = tables["synthetic"]
    two, query = (
        100 * noted({"synthetic": table[table["kind"] == kind]}, rows(tables), "harder", 0.9, "synthetic")
        for kind in (1, 2)
    )
    return {"of two negatives": two.to_numpy(), "more of those with the query": difference(query, two)}


CLAIM = Claim(
    module=__name__,
    statement="Some of the synthetic negatives are harder than the hardest key of the whole queue, and more of those "
    "mixed with the query than of those mixed from two keys.",
    whose="ours",
    source="Derived here: of unit length, a mixture lies nearer to the query than the mean of its two keys does. The "
    "shares in Kalantidis et al. 2020, arXiv:2010.01028, were not seen.",
    kind=Difference(margin=0.5),
    quantity="Share of synthetic negatives, in points, whose score is above the hardest key's, over the last tenth of "
    "the steps: of those mixed from two keys; and of those mixed with the query, minus the former.",
    rule="Difference, two parts, one number a seed: holds if both 95 % t intervals lie above 0; does not hold if "
    "either lies below half a point (no effect of the paper's was at hand to halve); else undecided.",
    smallest="laptop",
    rows=rows,
    values=values,
)
