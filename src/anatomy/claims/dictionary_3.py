"""dictionary-3: a larger temperature makes the anchors more equal."""

from math import log

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Shape, Tables
from anatomy.claims.falls import log_falls

NEGATIVES = 256  # or the grid's nearest: 255 are a batch of 256 without the anchor's own key


def rows(tables: Tables) -> pd.DataFrame:
    grid = tables["hardness_grid"]
    grid = grid[(grid["method"] == "simco") & (grid["loss"] == "info_nce")]
    distance = (grid["negatives"] - NEGATIVES).abs()
    nearest = grid["negatives"][distance == distance.min()].min()
    return grid[grid["negatives"] == nearest]


def values(tables: Tables) -> dict[str, np.ndarray] | None:
    return log_falls(rows(tables), along="temperature")


CLAIM = Claim(
    module=__name__,
    statement="The higher the temperature, the less the weights W of InfoNCE differ between anchors.",
    whose="ours",
    source="Derived here: W = S / (S + e^(s+/T)), and e^(s+/T) / S shrinks with T. Zhang et al. "
    "2022, arXiv:2203.17248: Figure 1 and its caption, which were seen, name the difference "
    "between anchors; a sentence or figure about its fall with the temperature was not seen.",
    kind=Shape(margin=log(1.1)),
    quantity="Log of the coefficient of variation (population standard deviation / mean) of W over "
    "anchors, at the grid's K nearest to 256, on the frozen encoder at the end of a SimCo run with "
    "InfoNCE: first T minus last T of the grid; and the smallest fall between neighboring T.",
    rule="Shape, one number a seed: holds if the 95 % t intervals of the fall from the lowest to "
    "the highest T and of the smallest fall between neighbors both lie above 0; does not hold if "
    "either lies below log 1.1 (a fall by a tenth; no effect of the paper's was at hand to halve); "
    "else undecided.",
    smallest="laptop",
    rows=rows,
    values=values,
)
