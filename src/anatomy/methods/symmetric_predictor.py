"""The predictor on both branches. Zhang et al. 2022, arXiv:2203.16262, Table 2."""

from anatomy.methods.siamese import Siamese
from anatomy.quantities import Count


def symmetric_predictor(encoder, generator, *, predictor_hidden: Count = 512):
    """The prediction of one view meets that of the other: the naive loss of the encoder h(f)."""
    return Siamese(encoder, generator, target="prediction", predictor_hidden=predictor_hidden)
