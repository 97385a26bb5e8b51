"""Three identities of InfoNCE's gradient, in float64, on the embeddings of a trained network.

Zhang et al. 2022, arXiv:2203.17248: the gradient with respect to an anchor is a scalar W times a vector. Derived here:
InfoNCE = log(1 + exp(DCL)), hence its gradient is W times DCL's, and equal weights turn dual temperature into DCL.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from anatomy.losses.decoupled import decoupled
from anatomy.losses.dual_temperature import dual_temperature
from anatomy.losses.info_nce import info_nce
from anatomy.measures import Table, Trained
from anatomy.quantities import Temperature
from anatomy.similarity import against_queue, unit

ANCHORS, NEGATIVES = 128, 255


def identities(trained: Trained, *, temperatures: tuple[Temperature, ...] = (0.05, 0.1, 0.2, 0.5, 1.0)) -> Table:
    """Columns identity, temperature, error: the largest difference, relative to the largest entry of the gradient."""
    few = type(trained.bank)(trained.bank.images[: ANCHORS + NEGATIVES], trained.bank.labels[: ANCHORS + NEGATIVES])
    z_1, z_2 = (unit(trained.embeddings(few, f"identity {view}").double().cpu()) for view in (1, 2))
    anchors = min(ANCHORS, len(few) // 2)  # of a small bank, half
    anchor, positive, keys = z_1[:anchors], z_2[:anchors], z_2[anchors:]
    table: Table = {"identity": [], "temperature": [], "error": []}
    for temperature in temperatures:
        for name, error in _errors(anchor, positive, keys, temperature).items():
            for column, value in zip(table.values(), (name, temperature, error), strict=True):
                column.append(value)
    return table


def _errors(anchor: Tensor, key: Tensor, keys: Tensor, temperature: float) -> dict[str, float]:
    """The identities at one temperature; every gradient is taken with respect to the unit anchors [N, D]."""

    def gradient(loss: Callable[..., Tensor], **temperatures: float) -> Tensor:
        leaf = anchor.clone().requires_grad_()
        (result,) = torch.autograd.grad(loss(*against_queue(leaf, key, keys), **temperatures).sum(), leaf)
        return result

    ours = gradient(info_nce, temperature=temperature)
    dcl = gradient(decoupled, temperature=temperature)
    equal = gradient(dual_temperature, temperature_intra=temperature, temperature_inter=float("inf"))
    weight, vector = scalar_and_vector(anchor, key, keys, temperature)
    count = len(keys)
    return {
        "gradient is W times vector": relative_error(ours, -weight[:, None] * vector / temperature),
        "InfoNCE is W times DCL": relative_error(ours, weight[:, None] * dcl),
        "equal weights give DCL": relative_error(equal, count / (count + 1) * dcl),
    }


def scalar_and_vector(anchor: Tensor, key: Tensor, keys: Tensor, temperature: float) -> tuple[Tensor, Tensor]:
    """W [N] and k+ - sum_j phat_j k_j [N, D], from the softmax itself and not from our losses."""
    logits = torch.cat([(anchor * key).sum(1, keepdim=True), anchor @ keys.T], 1) / temperature  # [N, 1 + K]
    p = logits.softmax(1)
    weight = p[:, 1:].sum(1)
    return weight, key - (p[:, 1:] / weight[:, None]) @ keys


def relative_error(a: Tensor, b: Tensor) -> float:
    """Largest absolute difference over the largest entry."""
    return ((a - b).abs().max() / b.abs().max()).item()
