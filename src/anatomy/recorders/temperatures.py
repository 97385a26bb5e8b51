"""Temperatures that are learned: how high they are, and whether they know which anchors are hard.

Zhang et al. 2021, arXiv:2110.04403, take such a temperature for an uncertainty.
"""

import torch

from anatomy.recorders import Rows
from anatomy.step import Method, StepOutput


class Temperatures:
    """Rows (step, head, mean, lowest, highest, with_positive), of the anchors of the batch; heads count from 0.

    with_positive: the correlation of an anchor's temperature with its similarity to its positive, of the first head's
    embeddings; below 0 where a hard anchor has a high one, NaN where all are equal.
    """

    needs = ("positive", "temperatures")

    def __init__(self) -> None:
        self.rows = Rows(["step", "head", "mean", "lowest", "highest", "with_positive"])

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        temperatures = output.watch["temperatures"].double()  # [C, N]
        positive = output.watch["positive"].double()
        numbers = [temperatures.mean(1), temperatures.amin(1), temperatures.amax(1)]
        about, other = temperatures - temperatures.mean(1, keepdim=True), positive - positive.mean()
        correlation = (about * other).sum(1) / (about.norm(dim=1) * other.norm())  # corrcoef would wait for a card
        head = torch.arange(len(temperatures), dtype=torch.float64, device=positive.device)
        self.rows.add(torch.stack([torch.full_like(head, step), head, *numbers, correlation], 1))
