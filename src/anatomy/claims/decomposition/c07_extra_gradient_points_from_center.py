"""decomposition-7: SimSiam's extra gradient leads away from the center, Mirror SimSiam's to it."""

import pandas as pd

from anatomy.arms.select import late
from anatomy.arms.vector_decomposition import in_batch
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables


def arm(tables: Tables) -> pd.DataFrame:
    return in_batch(tables, method="simsiam")


def of_predictions(tables: Tables) -> Sample:
    return Sample.of(-late(arm(tables), "eta_p", share=0.5).to_numpy(dtype=float), arm(tables))


def of_embeddings(tables: Tables) -> Sample:
    return Sample.of(late(arm(tables), "eta_z", share=0.5).to_numpy(dtype=float), arm(tables))


CLAIM = Claim(
    module=__name__,
    statement="The center of SimSiam's extra gradient points away from the center of its predictions; that of Mirror "
    "SimSiam's, on the same network, points along the center of its embeddings.",
    attribution="paper",
    source="Figure 5a of Zhang et al. 2022, arXiv:2203.16262, read off the curves: eta_p about -0.44, eta_z about "
    "+0.18. On which network each was measured was not seen; both are taken on SimSiam's here.",
    quantity="eta_p = (o_z - o_p) . o_p / |o_p|^2, sign reversed, and eta_z = (o_p - o_z) . o_z / |o_z|^2, of "
    "SimSiam's training batches, mean over the second half of the steps.",
    parts={"-eta_p": Part(Shape(0.22), of_predictions, unit=""), "eta_z": Part(Shape(0.09), of_embeddings, unit="")},
    margins="half of the paper's",
    notes="Where the two centers are parallel both are one number, the ratio of their lengths, told twice; a network "
    "trained as Mirror SimSiam, which has collapsed, is beside it on the page and not judged.",
    min_preset="laptop",
)
