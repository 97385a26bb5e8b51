"""SimSiam whose predictor is one learned bias vector.

An option of the code of a co-author of Zhang et al. 2022, arXiv:2203.16262: p = Z + b, b = 0 at the start.
"""

from anatomy.methods.siamese import Siamese


def single_bias(encoder, generator, *, constant_predictor: bool = True):
    """D numbers in place of a network."""
    return Siamese(encoder, generator, predictor="bias", constant_predictor=constant_predictor)
