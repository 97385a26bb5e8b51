"""robust-7: abnormal adversarial examples multiply when FGSM overfits catastrophically."""

from anatomy.arms.robust_curves import change
from anatomy.arms.robustness import catastrophic
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables


def rise(tables: Tables) -> Sample:
    return change(tables, "abnormal")


CLAIM = Claim(
    module=__name__,
    statement="When FGSM overfits catastrophically, the share of images whose loss its attack lowers rises.",
    attribution="ours",
    source="Restated here from the abstract and the code of Lin et al. 2023, arXiv:2404.08154.",
    quantity="Share of abnormal adversarial examples in a training batch: mean from the first step that shows the fall "
    "minus mean before it, of each run of FGSM that fell.",
    parts={"after minus before": Part(Shape(0.05), rise, unit="share")},
    mechanism=catastrophic(),
    margins="a twentieth of all images; no effect of the paper's was at hand to halve",
    min_preset="laptop",
)
