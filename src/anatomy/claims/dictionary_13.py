"""dictionary-13: with equal weights for all anchors, InfoNCE is the decoupled loss."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Exact, Tables

PARTS = {"fixed weights": "InfoNCE is W times DCL", "infinite temperature": "equal weights give DCL"}


def rows(tables: Tables) -> pd.DataFrame:
    identities = tables["identities"]
    return identities[identities["identity"].isin(PARTS.values())]


def values(tables: Tables) -> dict[str, np.ndarray]:
    found = rows(tables)
    return {part: found[found["identity"] == name]["error"].to_numpy() for part, name in PARTS.items()}


CLAIM = Claim(
    module=__name__,
    statement="With the weight W of every anchor fixed to 1, the gradient of InfoNCE is that of "
    "the decoupled contrastive loss (DCL); the dual-temperature loss with an infinite inter-anchor "
    "temperature is DCL times K/(K+1).",
    whose="ours",
    source="Derived here: L_InfoNCE = log(1 + exp(L_DCL)), so grad L_InfoNCE = W grad L_DCL. "
    "Restated from a reading of Zhang et al. 2022, arXiv:2203.17248, whose sentence about losses "
    "without negatives was not seen and is not tested.",
    kind=Exact(tolerance=1e-10),
    quantity="Largest relative error, in float64: of InfoNCE's gradient against W times DCL's, and of the "
    "dual-temperature gradient at infinite inter-anchor temperature against K/(K+1) times DCL's.",
    rule="Exact: holds if both largest relative errors are under 1e-10, else it does not hold.",
    smallest="smoke",
    rows=rows,
    values=values,
)
