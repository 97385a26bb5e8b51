"""The mean over many fresh views as target, without predictor. Zhang et al. 2022, arXiv:2203.16262, Table 1."""

from anatomy.methods.siamese import Siamese
from anatomy.quantities import Count


def explicit_expectation(encoder, generator, *, fresh_views: Count = 10):
    """Were the predictor a stand-in for this expectation, the expectation itself would not collapse."""
    return Siamese(
        encoder, generator, online="embedding", target="expectation", predictor="none", fresh_views=fresh_views
    )
