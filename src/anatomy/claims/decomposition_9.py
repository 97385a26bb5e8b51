"""decomposition-9: InfoNCE's residual gradient decorrelates at middle temperatures, and only there."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Shape, Tables
from anatomy.claims.siamese import arm

MIDDLE, LOW, HIGH = (0.1, 0.2), 0.02, 1.0


def rows(tables: Tables) -> pd.DataFrame:
    parts = arm(tables["gradient_parts"], method="simco", loss="info_nce")
    return parts[(parts["whitened"] == 0) & (parts["center_of"] == "this batch")]


def values(tables: Tables) -> dict[str, np.ndarray]:
    at = rows(tables).pivot(index="seed", columns="at", values="alignment").sort_index()
    middle = at[list(MIDDLE)].mean(axis=1)
    return {"minus low end": (middle - at[LOW]).to_numpy(), "minus high end": (middle - at[HIGH]).to_numpy()}


CLAIM = Claim(
    module=__name__,
    statement="The residual part of InfoNCE's gradient points along the decorrelating direction at temperatures of "
    "0.1 to 0.2, and neither at much lower nor at much higher ones.",
    whose="paper",
    source="Figure 5c of Zhang et al. 2022, arXiv:2203.16262, read off the curve: cosine about 0 below 0.05, 0.80 to "
    "0.84 at 0.1 to 0.2, about 0.08 at 1.",
    kind=Shape(margin=0.4),
    quantity="Cosine of r_e and the descent direction of the sum over i != j of C_ij^2, all anchors read as one "
    "vector, on unseen images, network trained by InfoNCE at 0.1: mean at 0.1 and 0.2 minus at 0.02, and minus at 1.",
    rule="Shape, one number a seed: holds if the 95 % t intervals of both contrasts lie above 0; does not hold if "
    "either lies below 0.4, half of the paper's about 0.8; else undecided. o_e is the center of the keys of the same "
    "batch. Controls on the page, not judged: whitened embeddings, and the center of other images.",
    smallest="laptop",
    rows=rows,
    values=values,
)
