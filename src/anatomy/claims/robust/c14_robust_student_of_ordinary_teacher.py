"""robust-14: an encoder that withstands no attack teaches one that does."""

from anatomy.arms.select import contrast
from anatomy.arms.taught import probed, used_by, withstands_probed
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def student_minus_teacher(tables: Tables) -> Sample:
    own = probed(tables, "simco")
    found = contrast((1, own), (-1, probed(tables, "simco", "other")))
    return Sample(found.values, found.keys | frozenset(used_by(tables, own, "teacher")["key"]))


CLAIM = Claim(
    module=__name__,
    statement="DeACL's student of an encoder that SimCo trained without attacks withstands attacks better than its "
    "teacher.",
    attribution="ours",
    source="Restated here: it follows from the design of Zhang et al. 2022, arXiv:2207.10899, whose first stage knows "
    "no attack; README of pantheon5100/DeACL: 53.45 % under PGD for a student, no number for its teacher.",
    quantity="Accuracy in points of a linear probe on clean features, under PGD on both: student minus teacher.",
    parts={
        "student minus teacher": Part(
            Difference(0.5), student_minus_teacher, mechanism=withstands_probed("SimCo's student", "simco")
        )
    },
    min_preset="laptop",
)
