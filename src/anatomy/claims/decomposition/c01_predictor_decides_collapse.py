"""decomposition-1: which branch has the predictor decides whether the network collapses."""

from anatomy.arms.vector_decomposition import collapses, kept
from anatomy.verdicts import Claim

CLAIM = Claim(
    module=__name__,
    statement="SimSiam does not collapse. Without the predictor, with the predictor on both branches, or with it on "
    "the branch without gradient alone (Mirror SimSiam), the network collapses.",
    attribution="paper",
    source="Table 2 of Zhang et al. 2022, arXiv:2203.16262: CIFAR-100 top-1 66.62 % for SimSiam, 1 % for the other "
    "three.",
    quantity="Standard deviation x sqrt(D) and m_o of unit vectors: of Z, and of P where the predictor stands on both "
    "branches, since the loss acts on these; the other one is printed beside it.",
    parts={
        "SimSiam is kept": kept(method="simsiam"),
        "naive collapses": collapses(method="naive"),
        "mirror collapses": collapses(method="mirror"),
        # The loss acts on P where the predictor stands on both branches.
        "predictor on both collapses": collapses("p", method="symmetric_predictor"),
    },
    notes="Accuracy is not judged: a collapsed projector stands on a backbone that still tells images apart.",
    min_preset="laptop",
)
