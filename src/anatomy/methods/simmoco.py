"""SimMoCo: MoCo without the dictionary. Zhang et al. 2022, arXiv:2203.17248; m = 0.99 of the authors' scripts."""

from torch import Generator

from anatomy.methods.moco import MoCo
from anatomy.networks.heads import Encoder
from anatomy.quantities import Share
from anatomy.step import Loss


def simmoco(
    encoder: Encoder, loss: Loss, generator: Generator, *, momentum: Share = 0.99, symmetric: bool = False
) -> MoCo:
    """Keys from a momentum encoder, negatives from the batch (K = N - 1), one-sided as in the authors' scripts."""
    return MoCo(encoder, loss, generator, momentum=momentum, queue_size=0, symmetric=symmetric)
