"""robust-17: stage two needs no strong augmentation."""

from anatomy.arms.select import contrast
from anatomy.arms.taught import probed, used_by, withstands_probed
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables


def weak_minus_strong(tables: Tables) -> Sample:
    weak = probed(tables, "simco")
    found = contrast((1, weak), (-1, probed(tables, "simco", views="standard")))
    return Sample(found.values, found.keys | frozenset(used_by(tables, weak, "teacher")["key"]))


CLAIM = Claim(
    module=__name__,
    statement="DeACL's student that sees whole images, flipped at most, withstands attacks as well, to within a point, "
    "as one that sees the random crops and colors of contrastive learning.",
    attribution="ours",
    source="Restated here: the second stage of the code of Zhang et al. 2022, arXiv:2207.10899, crops and flips alone; "
    "what stronger views gave was not seen.",
    quantity="Accuracy in points of a linear probe on clean features, under PGD on both: student of weak views minus "
    "student of strong ones, SimCo's encoder as teacher of both.",
    parts={
        "weak minus strong": Part(
            Equivalence(1.0, one_sided=True),
            weak_minus_strong,
            mechanism=withstands_probed("the student of weak views", "simco"),
        )
    },
    margins="one point",
    min_preset="overnight",
)
