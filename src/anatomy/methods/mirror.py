"""Mirror SimSiam: the predictor on the branch without gradient. Zhang et al. 2022, arXiv:2203.16262, Table 2."""

from anatomy.methods.siamese import Siamese
from anatomy.quantities import Count


def mirror(encoder, generator, *, predictor_hidden: Count = 512):
    """The embedding of one view meets the prediction of the other; the predictor learns beside it, as in SimSiam."""
    return Siamese(encoder, generator, online="embedding", target="prediction", predictor_hidden=predictor_hidden)
