"""Positives made on the sphere: the key moves along a great circle, towards a center that is not its own.

HaLP, arXiv:2304.00387, and its code, as we have it from notes: from the key k towards a center p*, up to where the
point is as near to p* as to the key's own center p0. There 100 such points are positives beside the key, of skeletons;
here one takes the key's place.
"""

import torch
from torch import Generator, Tensor

from anatomy.hardware.device import move
from anatomy.quantities import Count, Share
from anatomy.similarity import inner
from anatomy.transforms import Features
from anatomy.transforms.cluster_means import spherical_means


def sphere_positives(
    query: Tensor,
    key: Tensor,
    queue: Tensor,
    generator: Generator | None,
    *,
    centers: Count = 20,
    steps: Count = 5,
    range_share: Share = 1.0,
) -> Features:
    """Keys [N, D] moved by t = (1 - u) t_max, u ~ U(0, range_share), towards one of the other `centers` of the queue; a
    key stays where it is if it would come nearest to a third center. Unit, and without gradient."""
    with torch.no_grad():
        found = spherical_means(queue, centers, steps, generator)
        if len(found) < 2:
            return Features(query, key, queue)
        order = inner(key, found).argsort(1, descending=True)  # [N, C]
        other = torch.randint(1, len(found), (len(key), 1), generator=generator)
        share = (1 - range_share * torch.rand(len(key), 1, generator=generator)).to(key.dtype)
        own, towards = found[order[:, 0]], found[order.gather(1, move(other, key.device))[:, 0]]
        moved = slerp(key, towards, move(share, key.device) * halfway(key, own, towards))
        same = inner(moved, found).argmax(1) == order[:, 0]
        return Features(query, torch.where(same[:, None], moved, key), queue)


def angle(a: Tensor, b: Tensor) -> Tensor:
    """Between unit vectors, row by row [N, 1], above 0."""
    return (a * b).sum(1, keepdim=True).clamp(-1 + 1e-7, 1 - 1e-7).arccos()


def halfway(key: Tensor, own: Tensor, towards: Tensor) -> Tensor:
    """t_max [N, 1]: slerp(key, towards, t_max) is as near to `towards` as to `own`, which is the nearer to the key.

    With W the angle from key to `towards`, sin((1 - t) W) k.(p0 - p*) = sin(t W) (1 - p*.p0), so
    tan(t W) = sin W / (R + cos W) with R = (1 - p*.p0) / (k.(p0 - p*)).
    """
    w = angle(key, towards)
    apart = 1 - (towards * own).sum(1, keepdim=True)
    nearer = (key * (own - towards)).sum(1, keepdim=True)
    return torch.atan2(nearer * w.sin(), apart + nearer * w.cos()) / w


def slerp(start: Tensor, end: Tensor, t: Tensor) -> Tensor:
    """The point at a share t [N, 1] of the way on the great circle, unit [N, D]."""
    w = angle(start, end)
    return (((1 - t) * w).sin() * start + (t * w).sin() * end) / w.sin()
