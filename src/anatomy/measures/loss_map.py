"""What each loss weighs, on one frozen encoder: how its force is shared among negatives, and among anchors.

Every loss of the family is a pair of numbers an anchor: the pull of its positive, -dL/ds+, and the push of each
negative, dL/ds_j. Zhang et al. 2022, arXiv:2203.17248, part InfoNCE's into a weight between anchors and one within;
here the same is read off any loss, from its gradient.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import log

import torch
from torch import Tensor

from anatomy.losses.align_uniform import align_uniform
from anatomy.losses.cacr import cacr
from anatomy.losses.debiased import debiased
from anatomy.losses.decoupled import decoupled
from anatomy.losses.decoupled_weighted import decoupled_weighted
from anatomy.losses.dual_temperature import dual_temperature
from anatomy.losses.hard_negatives import hard_negatives
from anatomy.losses.info_nce import info_nce
from anatomy.losses.spectral import spectral
from anatomy.measures import Table, Trained
from anatomy.quantities import Temperature
from anatomy.similarity import unit

ANCHORS, NEGATIVES = 256, 255
SUMMARY = ("entropy", "push_cv", "pull_cv", "drawn", "silent")  # of a loss, see `loss_map`
Bound = Callable[[Tensor, Tensor], Tensor]  # (positive [N], negatives [N, K]) -> [N]


def family(t: float) -> dict[str, Bound]:
    """The losses at one temperature, by the name that a page gives them; what else they take is at its default."""
    return {
        "InfoNCE": partial(info_nce, temperature=t),
        "DCL": partial(decoupled, temperature=t),
        "DCLW": partial(decoupled_weighted, temperature=t),
        "dual temperature": partial(dual_temperature, temperature_intra=t, temperature_inter=10 * t),
        "debiased": partial(debiased, temperature=t),
        "hard negatives": partial(hard_negatives, temperature=t, tau_plus=0.0),
        "CACR": partial(cacr, temperature=t),
        "CACR, weights detached": partial(cacr, temperature=t, detach_weights=True),
        "alignment and uniformity": partial(align_uniform, temperature=t),
        "spectral": partial(spectral, mu=1 / t),
    }


@dataclass(frozen=True)
class Forces:
    """`pull` [N], of each positive; `push` [N, K], of each negative: below zero where a negative is drawn nearer."""

    pull: Tensor
    push: Tensor

    @property
    def shares(self) -> Tensor:
        """Of each negative in all that acts on its anchor's negatives, without sign: [N, K], each row sums to 1, or to
        0 where nothing acts on them."""
        size = self.push.abs()
        return size / size.sum(1, keepdim=True).clamp(min=torch.finfo(size.dtype).tiny)


def forces(loss: Bound, positive: Tensor, negatives: Tensor) -> Forces:
    """Of similarities [N] and [N, K]."""
    p, n = positive.clone().requires_grad_(), negatives.clone().requires_grad_()
    with torch.enable_grad():
        pull, push = torch.autograd.grad(loss(p, n).sum(), (p, n))
    return Forces(-pull, push)


def similarities(trained: Trained) -> tuple[Tensor, Tensor]:
    """Of at most 256 unseen images: two views of each [N], and the first against views of 255 training images [N, K];
    float64, on the processor."""
    some = type(trained.unseen)(trained.unseen.images[:ANCHORS], trained.unseen.labels[:ANCHORS])
    bank = type(trained.bank)(trained.bank.images[:NEGATIVES], trained.bank.labels[:NEGATIVES])
    z_1, z_2 = (unit(trained.embeddings(some, f"family {view}").double().cpu()) for view in (1, 2))
    keys = unit(trained.embeddings(bank, "family negatives").double().cpu())
    return (z_1 * z_2).sum(1), z_1 @ keys.T


def loss_map(trained: Trained, *, temperatures: tuple[Temperature, ...] = (0.05, 0.1, 0.2, 0.5, 1.0)) -> Table:
    """Columns of (a loss), at (a temperature); entropy: of the negatives' shares, over log K (1: all alike), mean over
    the anchors that have any; silent: the share of those that have none; push_cv and pull_cv: population deviation
    over mean, among anchors, of what acts on all negatives, without sign, and on the positive; drawn: share of
    negatives with a push below zero."""
    positive, negatives = similarities(trained)
    table: Table = {name: [] for name in ("of", "at", *SUMMARY)}
    for t in temperatures:
        for name, loss in family(t).items():
            row = (name, t, *summary(forces(loss, positive, negatives)))
            for column, value in zip(table.values(), row, strict=True):
                column.append(value)
    return table


def summary(of: Forces) -> tuple[float, ...]:
    """The numbers of SUMMARY."""
    size = of.push.abs().sum(1)
    acting = (size > 0).double().mean()
    entropy = torch.special.entr(of.shares).sum(1).mean() / log(of.push.shape[1]) / acting
    drawn = (of.push < 0).double().mean()
    return tuple(each.item() for each in (entropy, spread(size), spread(of.pull), drawn, 1 - acting))


def spread(values: Tensor) -> Tensor:
    """Population deviation over the size of the mean; values that differ by rounding alone have none."""
    deviation, mean = torch.std_mean(values, correction=0)
    cv: Tensor = deviation / mean.abs()
    return torch.where(cv < 1e-12, 0.0, cv)
