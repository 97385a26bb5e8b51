"""MoCo v2. Chen et al. 2020, arXiv:2003.04297; K, m and one-sided loss of facebookresearch/moco."""

from torch import Generator

from anatomy.methods.moco import MoCo
from anatomy.networks.heads import Encoder
from anatomy.quantities import Count, Share, Whole
from anatomy.step import Loss
from anatomy.transforms import Transform
from anatomy.transforms.none import none


def mocov2(
    encoder: Encoder,
    loss: Loss,
    generator: Generator,
    transform: Transform = none,
    *,
    momentum: Share = 0.999,
    queue_size: Count = 65536,
    symmetric: bool = False,
    queue_skip: Whole = 0,
    skip_from: Whole = 0,
    queue_size_inter: Count | None = None,
    exclude_own: bool = False,
    transform_from: Whole = 0,
) -> MoCo:
    """A queue of keys from a momentum encoder; anchors from view 1 only. The other options are our controls."""
    return MoCo(
        encoder,
        loss,
        generator,
        transform,
        momentum=momentum,
        queue_size=queue_size,
        symmetric=symmetric,
        queue_skip=queue_skip,
        skip_from=skip_from,
        queue_size_inter=queue_size_inter,
        exclude_own=exclude_own,
        transform_from=transform_from,
    )
