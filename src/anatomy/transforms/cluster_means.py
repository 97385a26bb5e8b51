"""Block negatives: every key is replaced by the direction of its cluster's mean.

PamC, arXiv:2209.14067, and its code (gayanku/PAMC), where clusters repel each other in the place of images; there the
clusters come from a trained assignment, here from k-means on the sphere.
"""

import torch
from torch import Generator, Tensor
from torch.nn.functional import normalize

from anatomy.hardware.device import move
from anatomy.quantities import Count
from anatomy.similarity import inner
from anatomy.transforms import Features


def cluster_means(
    query: Tensor, key: Tensor, queue: Tensor, generator: Generator | None, *, clusters: Count = 64, steps: Count = 5
) -> Features:
    """The queue [K, D] with at most `clusters` different keys, unit and without gradient; a cluster counts as often as
    it has keys."""
    centers = spherical_means(queue, clusters, steps, generator)
    return Features(query, key, centers[inner(queue, centers).argmax(1)])


@torch.no_grad()
def spherical_means(keys: Tensor, clusters: int, steps: int, generator: Generator | None) -> Tensor:
    """Unit centers [C, D] of k-means by inner products, begun at keys drawn at random; an empty cluster stays."""
    first = torch.randperm(len(keys), generator=generator)[:clusters]
    centers = keys[move(first, keys.device)]  # [C, D]
    numbers = torch.arange(len(centers), device=keys.device)
    for _ in range(steps):
        member = (inner(keys, centers).argmax(1)[:, None] == numbers).to(keys.dtype)  # [K, C]
        total = inner(member.T.contiguous(), keys.T.contiguous())  # [C, D]
        centers = torch.where(member.sum(0)[:, None] > 0, normalize(total, dim=1), centers)
    return centers
