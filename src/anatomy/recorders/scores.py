"""Positive and negative scores while training: how far apart the network puts them, step by step.

A score is a similarity before the temperature.
"""

from math import inf

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
        numbers = [*moments(positive), *moments(negative)]
        self.rows.add(torch.stack([torch.full_like(numbers[0], step), *numbers])[None])


def similarities(negatives: Negatives) -> torch.Tensor:
    """All similarities of the batch's negatives in one row; an excluded key is minus infinity."""
    blocks = negatives if isinstance(negatives, tuple) else (negatives,)
    return torch.cat([logits(block, 1.0).flatten() for block in blocks])


def moments(scores: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and population deviation without excluded keys; sums, not a selection, for which a GPU would wait."""
    kept = scores != -inf
    count = kept.sum()
    mean = scores.where(kept, 0).sum() / count
    return mean, ((scores - mean).square().where(kept, 0).sum() / count).sqrt()
