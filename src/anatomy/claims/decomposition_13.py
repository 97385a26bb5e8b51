"""decomposition-13: at a high temperature InfoNCE's residual gradient fades, and its center stays."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Equivalence, Tables
from anatomy.claims.siamese import arm

FROM, TO = 0.4, 1.0


def rows(tables: Tables) -> pd.DataFrame:
    parts = arm(tables["gradient_parts"], method="simco", loss="info_nce")
    return parts[(parts["whitened"] == 0) & (parts["center_of"] == "this batch")]


def values(tables: Tables) -> dict[str, np.ndarray]:
    lengths = rows(tables).pivot(index="seed", columns="at", values="residual_length").sort_index()
    slope = np.log(lengths[TO] / lengths[FROM]) / np.log(TO / FROM)
    return {"slope": slope.to_numpy() + 1}


CLAIM = Claim(
    module=__name__,
    statement="At high temperatures the residual part of InfoNCE's gradient is proportional to 1 / T while its center "
    "does not depend on T: the gradient becomes mostly de-centering.",
    whose="ours",
    source="Derived here from the equations of Zhang et al. 2022, arXiv:2203.16262: to first order r_e = -(1 / T) C "
    "Z. That o_e = -o_z at every temperature is algebra and needs no run.",
    kind=Equivalence(margin=0.1),
    quantity="Slope of log mean |r_e| over log T between T = 0.4 and T = 1, plus 1, on unseen images, network trained "
    "by InfoNCE at 0.1.",
    rule="Equivalence: holds if the 95 % t interval of the slope plus 1 lies within +-0.1; does not hold if it lies "
    "outside; else undecided.",
    smallest="laptop",
    rows=rows,
    values=values,
)
