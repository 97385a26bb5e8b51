"""Alignment and uniformity of embeddings on the sphere. Wang and Isola 2020, arXiv:2005.10242; alpha = 2, t = 2."""

from math import log

import torch

from anatomy.measures import Table, Trained
from anatomy.similarity import unit

IMAGES = 2048


def alignment_uniformity(trained: Trained) -> Table:
    """Columns alignment, uniformity (nats), on two random views of at most 2,048 unseen images.

    alignment: mean over images of |z_1 - z_2|^2, lower is nearer. uniformity: log of the mean over pairs of different
    images of exp(-2 |z - z'|^2), on the first views; lower is more even, 0 is one point.
    """
    some = type(trained.unseen)(trained.unseen.images[:IMAGES], trained.unseen.labels[:IMAGES])
    z_1, z_2 = (unit(trained.embeddings(some, f"alignment {view}")).double() for view in (1, 2))
    alignment = (z_1 - z_2).square().sum(1).mean()
    distances = torch.pdist(z_1).square()
    uniformity = (-2 * distances).logsumexp(0) - log(len(distances))
    return {"alignment": [alignment.item()], "uniformity": [uniformity.item()], "unseen": [len(z_1)]}
