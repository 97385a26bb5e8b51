"""family-20: positives moved on the sphere help."""

from anatomy.arms.loss_family import learned, over_queue, queued
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def moved_minus_plain(tables: Tables) -> Sample:
    return over_queue(tables, "sphere_positives")


CLAIM = Claim(
    module=__name__,
    statement="A positive that is moved on the sphere towards another cluster's center, as far as it stays in its own, "
    "gives a higher accuracy.",
    attribution="ours",
    source="Restated here for images. HaLP, arXiv:2304.00387, makes such positives of skeletons; its code was read, "
    "and no number that could be compared was seen.",
    quantity="kNN accuracy in points, MoCo v2 with 4,096 keys at a batch of 256 and T = 0.1: key moved minus not.",
    parts={"moved minus plain": Part(Difference(0.5), moved_minus_plain, mechanism=learned("MoCo v2", queued))},
    min_preset="overnight",
)
