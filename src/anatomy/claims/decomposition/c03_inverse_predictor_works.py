"""decomposition-3: a second predictor that undoes the first also works, a little worse."""

from anatomy.arms.vector_decomposition import better, kept, learned
from anatomy.verdicts import Claim

SIMSIAM, INVERSE = {"method": "simsiam"}, {"method": "inverse_predictor"}


CLAIM = Claim(
    module=__name__,
    statement="With an inverse predictor on the branch without gradient the network does not collapse, and is about a "
    "point worse than SimSiam.",
    attribution="paper",
    source="Figure 3 of Zhang et al. 2022, arXiv:2203.16262, read off the curves: after 1,000 epochs about 66.6 % for "
    "SimSiam and 65.5 % with the inverse predictor.",
    quantity="Standard deviation x sqrt(D) and m_o of Z with the inverse predictor; kNN accuracy in points, SimSiam "
    "minus inverse predictor.",
    parts={
        "it is kept": kept(**INVERSE),
        "SimSiam is better": better(0.5, SIMSIAM, INVERSE, learned("SimSiam", **SIMSIAM)),
    },
    margins="half the paper's 1.1",
    min_preset="overnight",
)
