"""decomposition-11: a single learned bias as predictor prevents collapse."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Tables, Threshold
from anatomy.claims.siamese import threshold, unseen


def rows(tables: Tables) -> pd.DataFrame:
    return unseen(tables, method="single_bias")


def values(tables: Tables) -> dict[str, np.ndarray]:
    return {"it is kept": threshold(rows(tables))}


CLAIM = Claim(
    module=__name__,
    statement="SimSiam whose predictor only adds one learned vector to the embedding does not collapse.",
    whose="ours",
    source="Known at second hand. The code of a co-author of Zhang et al. 2022, arXiv:2203.16262, has such a "
    "predictor among its options; the result itself was not seen.",
    kind=Threshold(collapsed=False),
    quantity="Standard deviation x sqrt(D) and m_o of Z; p = Z + b, b = 0 at the start.",
    rule="Threshold, in every seed, in evaluation mode on 1,000 or more clean unseen images after 200 or more steps: "
    "not collapsed if the standard deviation x sqrt(D) is above 0.6; collapsed if below 0.3 with m_o above 0.9; else "
    "undecided. Trained twice as long as the other arms: it falls first, and has to climb out.",
    smallest="laptop",
    rows=rows,
    values=values,
)
