"""MoCo v2. Chen et al. 2020, arXiv:2003.04297; K, m and one-sided loss of facebookresearch/moco."""

from anatomy.methods.moco import MoCo
from anatomy.quantities import Count, Share


def mocov2(encoder, loss, generator, *, momentum: Share = 0.999, queue_size: Count = 65536, symmetric: bool = False):
    """A queue of keys from a momentum encoder; anchors from view 1 only (with `symmetric`, from both: our control)."""
    return MoCo(encoder, loss, generator, momentum=momentum, queue_size=queue_size, symmetric=symmetric)
