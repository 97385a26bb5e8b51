"""Center and residuals of the embeddings while a network learns, in the batch and over the whole set.

Zhang et al. 2022, arXiv:2203.16262: m_o and m_r, and the eta of the predictor's extra gradient (their Figure 5a).
"""

from collections.abc import Iterable

import torch
from torch import Tensor

from anatomy.decomposition import against_prediction, cosine, geometry
from anatomy.quantities import Count
from anatomy.recorders import Rows, of_first
from anatomy.similarity import unit
from anatomy.step import Method, StepOutput

OF_Z = ["spread", "center", "residual", "rank", "covariance"]
OF_P = ["p_spread", "p_center", "p_residual"]
BETWEEN = ["length_ratio", "center_cosine", "eta_p", "eta_z"]
DIGITS = 5  # behind the point: a record holds thousands of these numbers


class Geometry:
    """Rows (step, images, z's numbers, p's numbers, how their centers lie to each other, drift); see `decomposition`.

    A row of the batch has its first view, in training mode. A row of the whole set, after an epoch's last step, has the
    first `whole` training images, clean and in evaluation mode; its `images` tell it apart. 1 / sqrt(images) is the
    center of that many independent directions. `drift`: cosine to the center of the row before, in the same epoch.
    What needs a prediction is NaN for a method without.
    """

    needs = ("z_1",)

    def __init__(self, *, whole: Count = 2048) -> None:
        self.whole = whole
        self.rows = Rows(["step", "images", *OF_Z, *OF_P, *BETWEEN, "drift"])
        self.center: Tensor | None = None

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        z, p = output.watch["z_1"], output.watch.get("p_1")
        center = z.mean(0)
        drift = torch.full_like(center[0], torch.nan) if self.center is None else cosine(center, self.center)
        self.center = center
        self.record(step, z, p, drift)

    def end_of_epoch(self, step: int, method: Method, images: Iterable[Tensor]) -> None:
        """`images`: clean batches [n, 3, S, S] of the training set, in its own order; `step`: how many were made."""
        z = of_first(method.encoder, images, self.whole)
        p = None if method.predictor is None else unit(method.predictor(z))
        self.record(step, unit(z), p, torch.full_like(z[0, 0], torch.nan))
        self.center = None  # not in a checkpoint, so the drift begins anew with each epoch

    def record(self, step: int, z: Tensor, p: Tensor | None, drift: Tensor) -> None:
        absent = torch.full_like(drift, torch.nan, dtype=z.dtype)
        numbers = geometry(z)
        if p is not None:
            numbers |= {f"p_{name}": number for name, number in geometry(p).items()} | against_prediction(z, p)
        row = [numbers.get(name, absent) for name in (*OF_Z, *OF_P, *BETWEEN)]
        said = [torch.full_like(drift, number, dtype=torch.float64) for number in (step, len(z))]
        values = torch.stack([number.double() for number in (*row, drift)]).round(decimals=DIGITS)
        self.rows.add(torch.cat([torch.stack(said), values])[None])
