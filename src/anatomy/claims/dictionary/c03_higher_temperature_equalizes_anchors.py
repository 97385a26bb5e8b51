"""dictionary-3: a larger temperature makes the anchors more equal."""

from math import log

import pandas as pd

from anatomy.arms.dictionary_size import falling
from anatomy.arms.select import select
from anatomy.verdicts import Claim, Tables

NEGATIVES = 256  # or the grid's nearest: 255 are a batch of 256 without the anchor's own key


def grid(tables: Tables) -> pd.DataFrame:
    rows = select(tables["hardness_grid"], {}, method="simco", loss="info_nce")
    distance = (rows["negatives"] - NEGATIVES).abs()
    nearest = rows["negatives"][distance == distance.min()].min()
    return rows[rows["negatives"] == nearest]


CLAIM = Claim(
    module=__name__,
    statement="The higher the temperature, the less the weights W of InfoNCE differ between anchors.",
    attribution="ours",
    source="Derived here: W = S / (S + e^(s+/T)), and e^(s+/T) / S shrinks with T. Zhang et al. "
    "2022, arXiv:2203.17248: Figure 1 and its caption, which were seen, name the difference "
    "between anchors; a sentence or figure about its fall with the temperature was not seen.",
    quantity="Log of the coefficient of variation (population standard deviation / mean) of W over "
    "anchors, at the grid's K nearest to 256, on the frozen encoder at the end of a SimCo run with "
    "InfoNCE: first T minus last T of the grid; and the smallest fall between neighboring T.",
    parts=falling(grid, along="temperature", margin=log(1.1)),
    margins="a fall by a tenth; no effect of the paper's was at hand to halve",
    min_preset="laptop",
)
