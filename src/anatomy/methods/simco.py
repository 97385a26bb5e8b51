"""SimCo: neither dictionary nor momentum encoder. Zhang et al. 2022, arXiv:2203.17248, and the authors' code."""

from torch import Generator

from anatomy.methods.moco import MoCo
from anatomy.networks.heads import Encoder
from anatomy.step import Loss


def simco(
    encoder: Encoder,
    loss: Loss,
    generator: Generator,
    *,
    symmetric: bool = True,
    detach_keys: bool = False,
    oracle: bool = False,
) -> MoCo:
    """Both branches are trained, both views are anchors; negatives are the other images' other view, K = N - 1.

    `oracle` (ours): without those of the anchor's class.
    """
    return MoCo(
        encoder,
        loss,
        generator,
        momentum=None,
        queue_size=0,
        symmetric=symmetric,
        detach_keys=detach_keys,
        oracle=oracle,
    )
