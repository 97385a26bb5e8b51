"""Abnormal adversarial examples: images whose loss the attack lowered, which a network has only where its surface is
bent; and the penalty on them.

AAER: Lin et al. 2023, arXiv:2404.08154, with the authors' code (tmllab/2023_NeurIPS_AAER).
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from anatomy.attacks import Asked


def abnormal(before: Float[Tensor, " N"], after: Float[Tensor, " N"]) -> Bool[Tensor, " N"]:
    """Whether the loss where the attack began is above that where it ended."""
    return before.detach() > after.detach()


def aaer(
    asked: Asked,
    outputs: Float[Tensor, "N K"],
    losses: Float[Tensor, " N"],
    *,
    gap_weight: float,
    spread_weight: float,
    as_written: bool,
) -> Tensor:
    """A scalar: the share of abnormal examples times (gap_weight x how much their loss fell + spread_weight x how much
    further their outputs moved than those of the others), where a batch has both kinds.

    `asked` is what the network said where the attack began, without a graph; outputs and losses are those where it
    ended, with one. In the released code both losses of the gap are detached, so that it adds to the number and
    nothing to the gradient; `as_written` lets the gradient through the loss where the attack ended.
    """
    rows = abnormal(asked.losses, losses)
    moved = (outputs - asked.outputs).square().sum(1)
    gap = mean_of(asked.losses - (losses if as_written else losses.detach()), rows)
    excess = (mean_of(moved, rows) - mean_of(moved, ~rows).detach()).clamp(min=0)
    penalty = rows.to(losses).mean() * (gap_weight * gap + spread_weight * excess)
    return torch.where(rows.any() & ~rows.all(), penalty, 0)


def mean_of(values: Float[Tensor, " N"], rows: Bool[Tensor, " N"]) -> Tensor:
    """The mean over some rows, 0 over none; without reading how many there are, for which a card would wait."""
    return values.where(rows, 0).sum() / rows.sum().clamp(min=1)
