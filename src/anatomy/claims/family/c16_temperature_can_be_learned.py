"""family-16: a temperature that is trained with the network is as good as a good one."""

from anatomy.arms.loss_family import learned, over_info_nce
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables


def learned_minus_fixed(tables: Tables) -> Sample:
    return over_info_nce(tables, "learned_temperature", "")


CLAIM = Claim(
    module=__name__,
    statement="InfoNCE with a temperature that is trained with the network, as CLIP's, is not worse by a point or more "
    "than with T = 0.1.",
    attribution="ours",
    source="Restated here for images alone; Radford et al. 2021, arXiv:2103.00020, have one such temperature, whose "
    "clamp was read in the code of open_clip.",
    quantity="kNN accuracy in points, SimCo at a batch of 256: temperature learned (from 0.07) minus T = 0.1.",
    parts={
        "learned minus fixed": Part(
            Equivalence(1.0, one_sided=True), learned_minus_fixed, mechanism=learned("SimCo with InfoNCE")
        )
    },
    margins="one point",
    min_preset="overnight",
)
