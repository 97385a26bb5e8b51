"""dictionary-2: more negatives make the anchors more equal."""

from math import log

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Shape, Tables
from anatomy.claims.falls import log_falls

TEMPERATURE = 0.1


def rows(tables: Tables) -> pd.DataFrame:
    grid = tables["hardness_grid"]
    base = (grid["method"] == "simco") & (grid["loss"] == "info_nce")
    return grid[base & np.isclose(grid["temperature"], TEMPERATURE)]


def values(tables: Tables) -> dict[str, np.ndarray] | None:
    return log_falls(rows(tables), along="negatives")


CLAIM = Claim(
    module=__name__,
    statement="The more negatives an anchor has, the less the weights W of InfoNCE differ between anchors.",
    whose="ours",
    source="Derived here: W = S / (S + e^(s+/T)), and S grows about linearly in K. Zhang et al. "
    "2022, arXiv:2203.17248: Figure 1 and its caption, which were seen, name the difference "
    "between anchors; a sentence or figure about its fall with K was not seen.",
    kind=Shape(margin=log(1.1)),
    quantity="Log of the coefficient of variation (population standard deviation / mean) of W over "
    "anchors, at T = 0.1, on the frozen encoder at the end of a SimCo run with InfoNCE: first K "
    "minus last K of the grid; and the smallest fall between neighboring K.",
    rule="Shape, one number a seed: holds if the 95 % t intervals of the fall from the smallest to "
    "the largest K and of the smallest fall between neighbors both lie above 0; does not hold if "
    "either lies below log 1.1 (a fall by a tenth; no effect of the paper's was at hand to halve); "
    "else undecided.",
    smallest="laptop",
    rows=rows,
    values=values,
)
