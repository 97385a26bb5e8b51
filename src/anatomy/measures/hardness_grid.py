"""W over the number of negatives and the temperature, on one frozen encoder.

While training, every K makes another network; here the network is one, so K and T alone change.
Zhang et al. 2022, arXiv:2203.17248, is about what this grid shows: a large dictionary makes anchors equal.
"""

import torch

from anatomy.losses.decoupled import hardness
from anatomy.measures import Table, Trained
from anatomy.quantities import Count, Temperature
from anatomy.similarity import Against, unit

ANCHORS = 512


def hardness_grid(
    trained: Trained,
    *,
    sizes: tuple[Count, ...] = (15, 63, 255, 1023, 4095),
    temperatures: tuple[Temperature, ...] = (0.05, 0.07, 0.1, 0.2, 0.5, 1.0),
) -> Table:
    """Columns negatives, temperature, mean, cv (population standard deviation / mean over at most 512 anchors).

    Anchors and positives are two random views of unseen images; negatives are views of training images, the first K of
    one random order, so a larger dictionary contains the smaller one. A K beyond the training images is left out.
    """
    anchors = type(trained.unseen)(trained.unseen.images[:ANCHORS], trained.unseen.labels[:ANCHORS])
    z_1, z_2 = (unit(trained.embeddings(anchors, f"anchor {view}")) for view in (1, 2))
    positive = (z_1 * z_2).sum(1)
    order = torch.randperm(len(trained.bank), generator=trained.generator("dictionary"))
    keys = unit(trained.embeddings(trained.bank, "dictionary"))[order.to(z_1.device)]
    table: Table = {"negatives": [], "temperature": [], "mean": [], "cv": []}
    for size in (size for size in sizes if size <= len(keys)):
        for temperature in temperatures:
            w = hardness(positive, Against(z_1, keys[:size]), temperature=temperature).double()
            deviation, mean = torch.std_mean(w, correction=0)
            row = (size, temperature, mean.item(), (deviation / mean).item())
            for column, value in zip(table.values(), row, strict=True):
                column.append(value)
    return table
