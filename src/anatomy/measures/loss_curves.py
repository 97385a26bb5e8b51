"""What a positive and a negative weigh, by their similarity and by the negative's rank, for each loss of the family.

On one frozen encoder, as `loss_map`. Zhang et al. 2022, arXiv:2203.17248, for the two parts that are looked at.
"""

import torch
from torch import Tensor

from anatomy.measures import Table, Trained
from anatomy.measures.loss_map import Forces, family, forces, similarities
from anatomy.quantities import Temperature

BINS = 20  # of similarities from -1 to 1


def loss_curves(trained: Trained, *, curve_temperature: Temperature = 0.1) -> Table:
    """Columns of (a loss), by, at, value. `by` is "rank": the mean signed share of the negative of rank `at` (1: the
    nearest) in its anchor's force, times K; "negative": the same by similarity, a bin's middle; "positive": the
    mean pull by the positive's similarity, over the mean pull of all anchors. Bins that no pair is in have no row."""
    positive, negatives = similarities(trained)
    table: Table = {name: [] for name in ("of", "by", "at", "value")}
    for name, loss in family(curve_temperature).items():
        for by, (at, value) in curves(forces(loss, positive, negatives), positive, negatives).items():
            table["of"] += [name] * len(at)
            table["by"] += [by] * len(at)
            table["at"] += at
            table["value"] += value
    return table


def curves(found: Forces, positive: Tensor, negatives: Tensor) -> dict[str, tuple[list[float], list[float]]]:
    """The three curves of one loss: where they are measured, and the weights there."""
    signed = found.shares * found.push.sign() * negatives.shape[1]  # [N, K], 1 where all negatives weigh alike
    ranked = signed.gather(1, negatives.argsort(1, descending=True)).mean(0)
    ranks = sorted({round(negatives.shape[1] ** (i / 15)) for i in range(16)})  # 1 to K, even in the logarithm
    return {
        "rank": ([float(rank) for rank in ranks], [ranked[rank - 1].item() for rank in ranks]),
        "negative": binned(negatives.flatten(), signed.flatten()),
        "positive": binned(positive, found.pull / found.pull.mean()),
    }


def binned(at: Tensor, values: Tensor) -> tuple[list[float], list[float]]:
    """Middles of the bins in which there is something, and the mean of the values there."""
    place = ((at + 1) / 2 * BINS).long().clamp(0, BINS - 1)
    total, count = (torch.zeros(BINS, dtype=at.dtype).index_add(0, place, x) for x in (values, torch.ones_like(values)))
    kept = [i for i in range(BINS) if count[i] > 0]
    return [round(-1 + 2 * (i + 0.5) / BINS, 4) for i in kept], [(total[i] / count[i]).item() for i in kept]
