"""robust-12: more steps fool another network no more often, and bury its true class deeper."""

from anatomy.arms.select import contrast
from anatomy.arms.taught import transferred
from anatomy.verdicts import Claim, Difference, Equivalence, Part, Sample, Tables


def one_minus_many(tables: Tables) -> Sample:
    found = contrast((1, transferred(tables, "CE", 1)), (-1, transferred(tables, "CE", 20)), of="top_1")
    return Sample(100 * found.values, found.keys)


def many_minus_one(tables: Tables) -> Sample:
    return contrast((1, transferred(tables, "CE", 20)), (-1, transferred(tables, "CE", 1)), of="rank")


CLAIM = Claim(
    module=__name__,
    statement="An attack of 20 steps of cross-entropy, carried over to another network, fools it no more often than "
    "one of one step, and leaves its true class at a lower place.",
    attribution="ours",
    source="Restated here from the abstract of Zhang et al. 2022, arXiv:2204.00089: attacks of more steps transfer "
    "worse by the first place and better by others. No table was seen.",
    quantity="In the network that was trained without attacks, of attacks on another one: share of the images, in "
    "points, that are wrong after one step minus after 20; mean place of the true class after 20 steps minus after "
    "one.",
    parts={
        "wrong after 1 minus 20 steps": Part(Equivalence(1.0, one_sided=True), one_minus_many),
        "place after 20 minus 1 steps": Part(Difference(0.1), many_minus_one, unit="places"),
    },
    margins="one point; a tenth of a place",
    min_preset="laptop",
)
