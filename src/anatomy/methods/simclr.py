"""SimCLR. Chen et al. 2020, arXiv:2002.05709, Algorithm 1."""

from torch import Generator

from anatomy.methods.moco import MoCo
from anatomy.networks.heads import Encoder
from anatomy.step import Loss


def simclr(encoder: Encoder, loss: Loss, generator: Generator) -> MoCo:
    """Both views are anchors and both views of the other images are negatives, K = 2N - 2."""
    return MoCo(
        encoder, loss, generator, momentum=None, queue_size=0, symmetric=True, detach_keys=False, both_views=True
    )
