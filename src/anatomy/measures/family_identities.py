"""Which losses of the family are one: gradients against each other, in float64, on a trained network's embeddings.

Derived here. Of CACR (Zheng et al. 2023, arXiv:2105.03746) with one positive and detached weights: sum_j pi_j d_j has
the gradient of -2 T log sum exp(s_j / T). Of hard negatives (Robinson et al. 2021, arXiv:2010.04592) and the debiased
loss (Chuang et al. 2020, arXiv:2007.00224): at beta = 0 and tau+ = 0 nothing is left of them.
"""

from functools import partial
from math import inf

import torch
from torch import Tensor

from anatomy.losses.cacr import cacr
from anatomy.losses.decoupled import decoupled, hardness
from anatomy.losses.dual_temperature import dual_temperature
from anatomy.losses.hard_negatives import hard_negatives
from anatomy.losses.info_nce import info_nce
from anatomy.measures import Table, Trained
from anatomy.measures.identities import relative_error
from anatomy.measures.loss_map import Bound, similarities
from anatomy.quantities import Temperature


def family_identities(trained: Trained, *, temperatures: tuple[Temperature, ...] = (0.05, 0.1, 0.2, 0.5, 1.0)) -> Table:
    """Columns identity, temperature, error: the largest difference, relative to the largest entry of the gradient."""
    positive, negatives = similarities(trained)
    table: Table = {"identity": [], "temperature": [], "error": []}
    for t in temperatures:
        for name, error in errors(positive, negatives, t).items():
            for column, value in zip(table.values(), (name, t, error), strict=True):
                column.append(value)
    return table


def errors(positive: Tensor, negatives: Tensor, t: float) -> dict[str, float]:
    """The identities at one temperature; gradients are with respect to the similarities [N, 1 + K]."""

    def gradient(loss: Bound) -> Tensor:
        leaf = torch.cat([positive[:, None], negatives], 1).requires_grad_()
        with torch.enable_grad():
            (found,) = torch.autograd.grad(loss(leaf[:, 0], leaf[:, 1:]).sum(), leaf)
        return found

    dcl, nce = (gradient(partial(loss, temperature=t)) for loss in (decoupled, info_nce))
    equal = gradient(partial(dual_temperature, temperature_intra=t, temperature_inter=inf))
    plain = gradient(partial(hard_negatives, temperature=t, beta=0.0, tau_plus=0.0))
    attracted = gradient(partial(cacr, temperature=t, detach_weights=True))
    weight, count = hardness(positive, negatives, temperature=t)[:, None], negatives.shape[1]
    return {
        "InfoNCE is W times DCL": relative_error(nce, weight * dcl),
        "dual temperature, equal weights, is K / (K + 1) times DCL": relative_error(equal, count / (count + 1) * dcl),
        "CACR, one positive, detached, is 2 T times DCL": relative_error(attracted, 2 * t * dcl),
        "hard negatives, beta = 0, are InfoNCE": relative_error(plain, nce),
    }
