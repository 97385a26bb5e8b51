"""decomposition-4: a loss that knows only the center raises m_o, one that knows only residuals raises m_r."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Shape, Tables
from anatomy.claims.siamese import at_ends, in_batch


def rows(tables: Tables) -> pd.DataFrame:
    switching = in_batch(tables, method="phases", final_norm=True)
    return switching[switching["phases"].str.startswith("center")]


def values(tables: Tables) -> dict[str, np.ndarray] | None:
    ends = at_ends(rows(tables))
    mean = ends.groupby(["objective", "seed"])[["center", "residual"]].mean()
    if set(ends["objective"]) != {"center", "residual"}:
        return None
    after_center, after_residual = mean.loc["center"].sort_index(), mean.loc["residual"].sort_index()
    return {
        "m_o": (after_center["center"] - after_residual["center"]).to_numpy(),
        "m_r": (after_residual["residual"] - after_center["residual"]).to_numpy(),
    }


CLAIM = Claim(
    module=__name__,
    statement="Trained by the center of the target alone, a network raises m_o and loses m_r; trained by its "
    "residuals alone, the other way round, again and again.",
    whose="paper",
    source="Figure 4 of Zhang et al. 2022, arXiv:2203.16262, read off the curves: phases of about 390 steps drive m_o "
    "to about 1 and m_r to 0 to 0.2, and back.",
    kind=Shape(margin=0.5),
    quantity="m_o at the end of whole center phases minus at the end of whole residual phases, and m_r the other way "
    "round, in the training batch, mean over the phases of a run; projector with its final BatchNorm.",
    rule="Shape, one number a seed: holds if the 95 % t intervals of both lie above 0; does not hold if either lies "
    "below 0.5, half of the paper's swing of about 1; else undecided. With the final BatchNorm, because without it "
    "short equal phases need not return, for a reason that the page shows: each force is as small as the part that it "
    "raises.",
    smallest="laptop",
    rows=rows,
    values=values,
)
