"""How unequal the anchors of a batch are: mean and coefficient of variation of W, while training.

W is the scalar part of InfoNCE's gradient (Zhang et al. 2022, arXiv:2203.17248, the inter-anchor hardness).
"""

import torch

from anatomy.losses.decoupled import hardness
from anatomy.quantities import Temperature
from anatomy.recorders import Rows
from anatomy.step import Method, StepOutput


class Hardness:
    """Rows (step, temperature, mean, cv); cv = population standard deviation / mean over the anchors of the batch.

    W is evaluated at each of `temperatures`, whatever the loss uses: so arms with other losses stay comparable.
    """

    needs = ("positive", "negatives")

    def __init__(self, *, temperatures: tuple[Temperature, ...] = (0.1, 1.0)) -> None:
        self.temperatures = temperatures
        self.rows = Rows(["step", "temperature", "mean", "cv"])

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        for temperature in self.temperatures:
            w = hardness(output.watch["positive"], output.watch["negatives"], temperature=temperature)
            deviation, mean = torch.std_mean(w.double(), correction=0)
            said = [torch.full_like(mean, value) for value in (step, temperature)]
            self.rows.add(torch.stack([*said, mean, deviation / mean])[None])
