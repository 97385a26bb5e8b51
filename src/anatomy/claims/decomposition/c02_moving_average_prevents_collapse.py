"""decomposition-2: an expectation over views is not what saves SimSiam, a moving average saves a network."""

from anatomy.arms.vector_decomposition import collapses, kept
from anatomy.verdicts import Claim

CLAIM = Claim(
    module=__name__,
    statement="Without predictor, the mean over many fresh views as target does not prevent collapse; the image's own "
    "moving average as target does.",
    attribution="paper",
    source="Table 1 of Zhang et al. 2022, arXiv:2203.16262: 10 and 25 views collapse (std 0), the moving average does "
    "not (std 0.0108, which is 0.49 / sqrt(2048); top-1 46.57 %). The moving average is that of section 5.3 of Chen "
    "and He 2021, arXiv:2011.10566.",
    quantity="Standard deviation x sqrt(D) and m_o of unit embeddings Z, with the cosine loss -Z . sg(target): target "
    "the mean over fresh views, or eta <- 0.8 eta + 0.2 Z, kept for every image.",
    parts={
        "explicit expectation collapses": collapses(method="explicit_expectation"),
        "moving average is kept": kept(method="moving_average"),
    },
    notes="Two controls stand on the page and are not judged: the moving average at the 2 / D times smaller step of a "
    "mean squared error over D (a co-author's training code), and the naive network at that step.",
    min_preset="laptop",
)
