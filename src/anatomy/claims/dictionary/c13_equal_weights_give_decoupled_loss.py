"""dictionary-13: with equal weights for all anchors, InfoNCE is the decoupled loss."""

from anatomy.arms.dictionary_size import identity
from anatomy.verdicts import Claim, Exact, Part

CLAIM = Claim(
    module=__name__,
    statement="With the weight W of every anchor fixed to 1, the gradient of InfoNCE is that of "
    "the decoupled contrastive loss (DCL); the dual-temperature loss with an infinite inter-anchor "
    "temperature is DCL times K/(K+1).",
    attribution="ours",
    source="Derived here: L_InfoNCE = log(1 + exp(L_DCL)), so grad L_InfoNCE = W grad L_DCL. "
    "Restated from a reading of Zhang et al. 2022, arXiv:2203.17248, whose sentence about losses "
    "without negatives was not seen and is not tested.",
    quantity="Largest relative error, in float64: of InfoNCE's gradient against W times DCL's, and of the "
    "dual-temperature gradient at infinite inter-anchor temperature against K/(K+1) times DCL's.",
    parts={
        "fixed weights": Part(Exact(1e-10), identity("InfoNCE is W times DCL"), demonstration=True),
        "infinite temperature": Part(Exact(1e-10), identity("equal weights give DCL"), demonstration=True),
    },
    min_preset="smoke",
)
