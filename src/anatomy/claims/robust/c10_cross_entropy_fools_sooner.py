"""robust-10: cross-entropy fools sooner than its relative."""

from anatomy.arms.class_ranks import ranks
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def plain_minus_relative(tables: Tables) -> Sample:
    found = contrast((1, ranks(tables, "CE", 1)), (-1, ranks(tables, "RCE", 1)), of="top_1")
    return Sample(100 * found.values, found.keys)


CLAIM = Claim(
    module=__name__,
    statement="After one step on a network trained without attacks, cross-entropy has fooled more images than relative "
    "cross-entropy.",
    attribution="ours",
    source="Derived here from the gradients in the logits: that of cross-entropy falls on the runner-up, that of its "
    "relative (Zhang et al. 2022, arXiv:2204.00089) on all classes alike.",
    quantity="Share of the images, in points, that are wrong after one step of the radius: cross-entropy minus "
    "relative cross-entropy.",
    parts={"CE minus RCE": Part(Difference(0.5), plain_minus_relative)},
    min_preset="laptop",
)
