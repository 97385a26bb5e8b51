"""SimCo: neither dictionary nor momentum encoder. Zhang et al. 2022, arXiv:2203.17248, and the authors' code."""

from anatomy.methods.moco import MoCo


def simco(encoder, loss, generator, *, symmetric: bool = True, detach_keys: bool = False):
    """Both branches are trained, both views are anchors; negatives are the other images' other view, K = N - 1."""
    return MoCo(encoder, loss, generator, momentum=None, queue_size=0, symmetric=symmetric, detach_keys=detach_keys)
