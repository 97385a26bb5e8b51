"""What mixing does to scores, in float64, on the embeddings of a trained network.

Derived here from the formulas of the authors' code of Zhu et al. 2021, arXiv:2108.02982.
"""

import torch
from torch import Tensor

from anatomy.measures import Table, Trained
from anatomy.measures.identities import relative_error
from anatomy.similarity import unit
from anatomy.transforms import draw_shares, mix_positives

PAIRS = 128
SHARES = (0.25, 0.5, 1.25, 1.5, 2.0)  # lambdas of a positive: below 1 interpolation, above 1 extrapolation


def mixing_identities(trained: Trained) -> Table:
    """Columns identity, share, error: the largest difference relative to the largest entry.

    For the identity of one lambda a dimension, each is drawn around `share`.
    """
    few = type(trained.bank)(trained.bank.images[: 2 * PAIRS], trained.bank.labels[: 2 * PAIRS])
    z_1, z_2 = (unit(trained.embeddings(few, f"identity {view}").double().cpu()) for view in (1, 2))
    half = len(few) // 2
    table: Table = {"identity": [], "share": [], "error": []}
    for share in SHARES:
        for name, error in errors(z_1[:half], z_2[:half], z_2[half:], share).items():
            for column, value in zip(table.values(), (name, share, error), strict=True):
                column.append(value)
    return table


def errors(query: Tensor, key: Tensor, keys: Tensor, share: float) -> dict[str, float]:
    """The identities at one lambda, unit queries and keys [N, D], the queue [K, D]."""
    fixed = torch.tensor(share, dtype=query.dtype)
    each = fixed + draw_shares(query, 2.0, True, torch.Generator().manual_seed(0)) - 0.5
    c, s = share**2 + (1 - share) ** 2, (query * key).sum(1)
    mixed, mixed_key = mix_positives(query, key, fixed)
    apart, apart_key = mix_positives(query, key, each)
    sphere, sphere_key = mix_positives(query, key, fixed, renormalize=True)
    long = 1 + 2 * share * (share - 1) * (1 - s)
    return {
        "1 - s^ = c (1 - s)": relative_error(1 - (mixed * mixed_key).sum(1), c * (1 - s)),
        "one lambda a dimension": relative_error(
            (apart * apart_key).sum(1), s - (each * (each - 1) * (query - key) ** 2).sum(1)
        ),
        "length of the mixed query": relative_error((mixed**2).sum(1), long),
        "renormalized": relative_error((sphere * sphere_key).sum(1), (1 - c * (1 - s)) / long),
        "query against the negatives": relative_error(
            mixed @ keys.T, share * query @ keys.T + (1 - share) * key @ keys.T
        ),
        "gradient times c": relative_error(tangent(query, key, fixed), c * tangent(query, key, torch.ones_like(fixed))),
    }


def tangent(query: Tensor, key: Tensor, share: Tensor) -> Tensor:
    """The gradient of the mixed positive score with respect to the query [N, D], along the sphere."""
    leaf = query.clone().requires_grad_()
    with torch.enable_grad():
        mixed, mixed_key = mix_positives(leaf, key, share)
        (gradient,) = torch.autograd.grad((mixed * mixed_key).sum(), leaf)
    return gradient - (gradient * query).sum(1, keepdim=True) * query
