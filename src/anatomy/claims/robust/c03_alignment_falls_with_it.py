"""robust-3: gradient alignment falls when FGSM overfits catastrophically."""

from anatomy.arms.robust_curves import change
from anatomy.arms.robustness import catastrophic
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables


def fall(tables: Tables) -> Sample:
    found = change(tables, "alignment")
    return Sample(-found.values, found.keys)


CLAIM = Claim(
    module=__name__,
    statement="When FGSM overfits catastrophically, the alignment of its gradients falls.",
    attribution="ours",
    source="Restated here from the abstract and the code of Andriushchenko and Flammarion 2020, arXiv:2007.02617.",
    quantity="Mean cosine of the gradients at an image and at a random point of its ball, on training images: mean "
    "before the first step that shows the fall minus mean from it on, of each run of FGSM that fell.",
    parts={"before minus after": Part(Shape(0.1), fall, unit="cosine")},
    mechanism=catastrophic(),
    margins="a tenth, where the whole range is 1; no effect of the paper's was at hand to halve",
    min_preset="laptop",
)
