"""Positive and negative scores while training: what the network is told apart by, step by step.

A score is a similarity before the temperature.
"""

import torch

from anatomy.recorders import Rows
from anatomy.similarity import Negatives, logits
from anatomy.step import Method, StepOutput


class Scores:
    """Rows (step, positive, positive_sd, negative, negative_sd): means and population deviations over the batch."""

    needs = ("positive", "negatives")

    def __init__(self) -> None:
        self.rows = Rows(["step", "positive", "positive_sd", "negative", "negative_sd"])

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        positive = output.watch["positive"].double()
        negative = similarities(output.watch["negatives"]).double()
        moments = [torch.std_mean(part, correction=0) for part in (positive, negative)]
        numbers = [moments[0][1], moments[0][0], moments[1][1], moments[1][0]]
        self.rows.add(torch.stack([torch.full_like(numbers[0], step), *numbers])[None])


def similarities(negatives: Negatives) -> torch.Tensor:
    """All similarities of the batch's negatives in one row, without excluded keys."""
    parts = negatives if isinstance(negatives, tuple) else (negatives,)
    flat = torch.cat([logits(part, 1.0).flatten() for part in parts])
    return flat[flat.isfinite()] if any(getattr(part, "excluded", None) for part in parts) else flat
