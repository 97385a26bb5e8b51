"""Has it collapsed? Spread, center and residuals of clean, unseen images in evaluation mode.

The numbers are those of Zhang et al. 2022, arXiv:2203.16262 (m_o, m_r), and the standard deviation of Chen and He 2021,
arXiv:2011.10566. While training, BatchNorm sees the batch and hides a part of what a test image meets.
"""

from torch import Tensor, nan

from anatomy.decomposition import against_prediction, cosine, geometry
from anatomy.measures import Table, Trained
from anatomy.similarity import unit

OF_P = [
    "p_spread",
    "p_center",
    "p_residual",
    "p_rank",
    "p_covariance",
    "length_ratio",
    "center_cosine",
    "eta_p",
    "eta_z",
]


def collapse(trained: Trained) -> Table:
    """One row: images, steps, the numbers of z, those of p and between the two (NaN without predictor), and
    `bias_cosine`, of a single-bias predictor and the center of z."""
    z, p = unit(trained.clean_embeddings(trained.unseen)), trained.predictions(trained.unseen)
    row: dict[str, Tensor | float] = {"images": len(z), "steps": trained.steps, **geometry(z)}
    row |= dict.fromkeys([*OF_P, "bias_cosine"], nan)
    if p is not None:
        of_p = {f"p_{name}": number for name, number in geometry(unit(p)).items()}
        row |= of_p | against_prediction(z, unit(p))
    bias = getattr(trained.predictor, "bias", None)
    if bias is not None:
        row["bias_cosine"] = cosine(bias, z.mean(0))
    return {name: [number.item() if isinstance(number, Tensor) else number] for name, number in row.items()}
