"""robust-13: relative cross-entropy buries the true class of another network deeper too."""

from anatomy.arms.select import contrast
from anatomy.arms.taught import transferred
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def relative_minus_plain(tables: Tables) -> Sample:
    return contrast((1, transferred(tables, "RCE", 20)), (-1, transferred(tables, "CE", 20)), of="rank")


CLAIM = Claim(
    module=__name__,
    statement="Carried over to another network after 20 steps, relative cross-entropy leaves the true class at a lower "
    "place than cross-entropy does.",
    attribution="ours",
    source="Restated here from the abstract of Zhang et al. 2022, arXiv:2204.00089; no table was seen.",
    quantity="Mean place of the true class (1: still first) in the network that was trained without attacks, of "
    "attacks of 20 steps on another one: relative cross-entropy minus cross-entropy.",
    parts={"RCE minus CE": Part(Difference(0.1), relative_minus_plain, unit="places")},
    margins="a tenth of a place; no effect of the paper's was at hand to halve",
    min_preset="laptop",
)
