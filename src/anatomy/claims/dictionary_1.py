"""dictionary-1: the gradient of InfoNCE is a scalar times a vector."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Exact, Tables


def rows(tables: Tables) -> pd.DataFrame:
    identities = tables["identities"]
    return identities[identities["identity"] == "gradient is W times vector"]


def values(tables: Tables) -> dict[str, np.ndarray]:
    return {"gradient": rows(tables)["error"].to_numpy()}


CLAIM = Claim(
    module=__name__,
    statement="The gradient of InfoNCE with respect to an anchor is one number W, by which anchors "
    "differ, times a vector that weighs the anchor's negatives against one another.",
    whose="ours",
    source="Derived here, from the softmax. Zhang et al. 2022, arXiv:2203.17248: Figure 1 and its "
    "caption, which were seen, name the two components; the text around Equation 5 was not seen.",
    kind=Exact(tolerance=1e-10),
    quantity="Largest relative error, in float64, between autograd and (W/T)(k+ - sum phat_j k_j), "
    "with W = 1 - p_+ and phat the softmax over the negatives alone.",
    rule="Exact: holds if the largest relative error is under 1e-10, else it does not hold.",
    smallest="smoke",
    rows=rows,
    values=values,
)
