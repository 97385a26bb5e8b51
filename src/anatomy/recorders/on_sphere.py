"""Alignment and uniformity while a network learns: the path of an arm on the plane of the two.

Wang and Isola 2020, arXiv:2005.10242, alpha = 2 and t = 2, of the batch in training mode; the measure
`alignment_uniformity` has them of unseen images at the end.
"""

from math import log

import torch

from anatomy.recorders import Rows
from anatomy.step import Method, StepOutput


class OnSphere:
    """Rows (step, alignment, uniformity): the mean of |z_1 - z_2|^2 over images, and the log of the mean of
    exp(-2 |z - z'|^2) over pairs of images of the first view (nats)."""

    needs = ("z_1", "z_2")

    def __init__(self) -> None:
        self.rows = Rows(["step", "alignment", "uniformity"])

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        z_1, z_2 = output.watch["z_1"].double(), output.watch["z_2"].double()
        alignment = (z_1 - z_2).square().sum(1).mean()
        n = len(z_1)
        apart = (4 * (z_1 @ z_1.T - 1)).fill_diagonal_(-torch.inf)  # -2 |z - z'|^2 of unit vectors
        uniformity = apart.flatten().logsumexp(0) - log(n * (n - 1))
        self.rows.add(torch.stack([torch.full_like(alignment, step), alignment, uniformity])[None])
