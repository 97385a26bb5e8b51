"""The naive Siamese network: no predictor. Zhang et al. 2022, arXiv:2203.16262, Figure 1 and Table 2."""

from anatomy.methods.siamese import Siamese
from anatomy.quantities import Positive


def naive(encoder, generator, *, weight: Positive = 1.0):
    """The embedding of one view meets that of the other. `weight` 2 / D: the mean squared error over D."""
    return Siamese(encoder, generator, online="embedding", predictor="none", weight=weight)
