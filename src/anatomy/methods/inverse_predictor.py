"""A second predictor undoes the first, on the branch without gradient.

Zhang et al. 2022, arXiv:2203.16262, Algorithm 5.
"""

from anatomy.methods.siamese import Siamese
from anatomy.quantities import Count


def inverse_predictor(encoder, generator, *, predictor_hidden: Count = 512):
    """P_a meets h_inv(P_b); three losses, for the encoder, for h and for h_inv."""
    return Siamese(encoder, generator, target="inverse", predictor_hidden=predictor_hidden)
