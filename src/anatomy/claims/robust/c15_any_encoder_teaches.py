"""robust-15: whichever of the book's encoders teaches."""

from anatomy.arms.select import contrast
from anatomy.arms.taught import probed, used_by, withstands_probed
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def of_simsiam(tables: Tables) -> Sample:
    own = probed(tables, "simsiam")
    found = contrast((1, own), (-1, probed(tables, "simsiam", "other")))
    return Sample(found.values, found.keys | frozenset(used_by(tables, own, "teacher")["key"]))


def of_mocov2(tables: Tables) -> Sample:
    own = probed(tables, "mocov2")
    found = contrast((1, own), (-1, probed(tables, "mocov2", "other")))
    return Sample(found.values, found.keys | frozenset(used_by(tables, own, "teacher")["key"]))


CLAIM = Claim(
    module=__name__,
    statement="Students of SimSiam's and of MoCo v2's encoders withstand attacks better than their teachers as well.",
    attribution="ours",
    source="Restated here: the code of Zhang et al. 2022, arXiv:2207.10899, takes encoders of several methods; what "
    "they gave was not seen.",
    quantity="Accuracy in points of a linear probe on clean features, under PGD on both: student minus teacher, for "
    "each teacher.",
    parts={
        "SimSiam's": Part(Difference(0.5), of_simsiam, mechanism=withstands_probed("SimSiam's student", "simsiam")),
        "MoCo v2's": Part(Difference(0.5), of_mocov2, mechanism=withstands_probed("MoCo v2's student", "mocov2")),
    },
    min_preset="overnight",
)
