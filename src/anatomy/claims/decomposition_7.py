"""decomposition-7: SimSiam's extra gradient leads away from the center, Mirror SimSiam's to it."""

import numpy as np
import pandas as pd

from anatomy.claims import Claim, Shape, Tables
from anatomy.claims.siamese import in_batch, late


def rows(tables: Tables) -> pd.DataFrame:
    return in_batch(tables, method="simsiam")


def values(tables: Tables) -> dict[str, np.ndarray]:
    return {"-eta_p": -late(rows(tables), "eta_p"), "eta_z": late(rows(tables), "eta_z")}


CLAIM = Claim(
    module=__name__,
    statement="The center of SimSiam's extra gradient points away from the center of its predictions; that of Mirror "
    "SimSiam's, on the same network, points along the center of its embeddings.",
    whose="paper",
    source="Figure 5a of Zhang et al. 2022, arXiv:2203.16262, read off the curves: eta_p about -0.44, eta_z about "
    "+0.18. On which network each was measured was not seen; both are taken on SimSiam's here.",
    kind={"-eta_p": Shape(margin=0.22), "eta_z": Shape(margin=0.09)},
    quantity="eta_p = (o_z - o_p) . o_p / |o_p|^2, sign reversed, and eta_z = (o_p - o_z) . o_z / |o_z|^2, of "
    "SimSiam's training batches, mean over the second half of the steps.",
    rule="Shape, one number a seed: holds if the 95 % t intervals of -eta_p and eta_z both lie above 0; does not hold "
    "if -eta_p lies below 0.22 or eta_z below 0.09, half of the paper's; else undecided. Where the two centers are "
    "parallel both are one number, the ratio of their lengths, told twice; a network trained as Mirror SimSiam, which "
    "has collapsed, is beside it on the page and not judged.",
    smallest="laptop",
    rows=rows,
    values=values,
)
