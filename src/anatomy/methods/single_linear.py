"""SimSiam whose predictor is one linear layer. Zhang et al. 2022, arXiv:2203.16262: h as a single layer."""

from anatomy.methods.siamese import Siamese


def single_linear(encoder, generator, *, constant_predictor: bool = True):
    """D x D numbers, no bias, no hidden layer."""
    return Siamese(encoder, generator, predictor="linear", constant_predictor=constant_predictor)
