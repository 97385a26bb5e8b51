"""dictionary-2: more negatives make the anchors more equal."""

from math import log

import pandas as pd

from anatomy.arms.dictionary_size import falling
from anatomy.arms.select import select
from anatomy.verdicts import Claim, Tables


def grid(tables: Tables) -> pd.DataFrame:
    return select(tables["hardness_grid"], {}, method="simco", loss="info_nce", temperature=0.1)


CLAIM = Claim(
    module=__name__,
    statement="The more negatives an anchor has, the less the weights W of InfoNCE differ between anchors.",
    attribution="ours",
    source="Derived here: W = S / (S + e^(s+/T)), and S grows about linearly in K. Zhang et al. "
    "2022, arXiv:2203.17248: Figure 1 and its caption, which were seen, name the difference "
    "between anchors; a sentence or figure about its fall with K was not seen.",
    quantity="Log of the coefficient of variation (population standard deviation / mean) of W over "
    "anchors, at T = 0.1, on the frozen encoder at the end of a SimCo run with InfoNCE: first K "
    "minus last K of the grid; and the smallest fall between neighboring K.",
    parts=falling(grid, along="negatives", margin=log(1.1)),
    notes="Little could refute it: S is a sum over K negatives, and grows with K whatever the network does.",
    margins="a fall by a tenth; no effect of the paper's was at hand to halve",
    min_preset="laptop",
)
