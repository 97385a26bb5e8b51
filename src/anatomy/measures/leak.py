"""Does a key carry the mark of its batch? What contrastive learning with batch statistics may cheat by.

He et al. 2020, arXiv:1911.05722 (shuffling BN): with batch statistics a query and its key share them when
they were made in one batch, and the network can find the positive by that. Here it is asked directly, of the trained
encoder in training mode: are keys of the query's own batch, the positive left out, more similar to it than others?
"""

from copy import deepcopy

import torch
from torch import Tensor

from anatomy.augmentation import views
from anatomy.data.image_set import ImageSet
from anatomy.hardware.device import eager
from anatomy.measures import Table, Trained
from anatomy.quantities import Count
from anatomy.similarity import unit

BATCHES = 16


def leak(trained: Trained, *, batch: Count = 32) -> Table:
    """Columns told, own, other: in at most 16 batches of unseen images, two random views each, the same images in both.

    own, other: mean similarity of a query with keys of the other images of its batch, and of other batches. told: the
    AUC, how often a key of the own batch is more similar than one of another (0.5: no mark, 1: always); published
    records have the column under this name.
    """
    images = trained.unseen
    count = min(BATCHES, len(images) // batch)
    few = type(images)(images.images[: count * batch], images.labels[: count * batch])
    queries, keys = (unit(_in_batches(trained, few, f"leak {view}", batch)) for view in (1, 2))
    similarity = queries @ keys.T  # [N, N]
    of = torch.arange(len(few), device=similarity.device) // batch
    same = of[:, None] == of[None, :]
    positive = torch.eye(len(few), dtype=torch.bool, device=similarity.device)
    own, other = similarity[same & ~positive], similarity[~same]
    return {"told": [auc(own, other)], "own": [own.mean().item()], "other": [other.mean().item()]}


def _in_batches(trained: Trained, images: ImageSet, name: str, batch: int) -> Tensor:
    """z [N, D] of one random view of each image, made in training mode, batch by batch, on a copy of the network."""
    network, parameters = deepcopy(trained.encoder).train(), trained.draw(len(images), name)
    seen = views.apply(images.images, parameters, size=trained.size).split(batch)
    with torch.no_grad(), trained.autocast(), eager():
        return torch.cat([network(x.contiguous(memory_format=torch.channels_last)).float() for x in seen])


def auc(high: Tensor, low: Tensor) -> float:
    """How often one of `high` exceeds one of `low`, a tie counting one half: Mann and Whitney's U over its largest."""
    ranked = low.sort().values
    below = torch.searchsorted(ranked, high, right=False) + torch.searchsorted(ranked, high, right=True)
    return below.double().mean().item() / (2 * len(low))
