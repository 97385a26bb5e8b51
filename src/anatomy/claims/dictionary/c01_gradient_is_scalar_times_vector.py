"""dictionary-1: the gradient of InfoNCE is a scalar times a vector."""

from anatomy.arms.dictionary_size import identity
from anatomy.verdicts import Claim, Exact, Part

CLAIM = Claim(
    module=__name__,
    statement="The gradient of InfoNCE with respect to an anchor is one number W, by which anchors "
    "differ, times a vector that weighs the anchor's negatives against one another.",
    attribution="ours",
    source="Derived here, from the softmax. Zhang et al. 2022, arXiv:2203.17248: Figure 1 and its "
    "caption, which were seen, name the two components; the text around Equation 5 was not seen.",
    quantity="Largest relative error, in float64, between autograd and (W/T)(k+ - sum phat_j k_j), "
    "with W = 1 - p_+ and phat the softmax over the negatives alone.",
    parts={"gradient": Part(Exact(1e-10), identity("gradient is W times vector"), demonstration=True)},
    min_preset="smoke",
)
