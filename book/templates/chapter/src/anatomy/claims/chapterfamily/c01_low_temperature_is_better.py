"""chapterfamily-1: a low temperature gives a higher accuracy."""

from anatomy.arms.chapter_name import LEARNED, gain
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def low_minus_high(tables: Tables) -> Sample:
    return gain(tables, 0.1, over=1.0)


CLAIM = Claim(
    module=__name__,
    statement="SimCo with InfoNCE has a higher accuracy at a temperature of 0.1 than at 1.",
    attribution="ours",
    source="Stated here.",
    quantity="kNN accuracy in points, SimCo with InfoNCE: T = 0.1 minus T = 1.",
    parts={"0.1 minus 1": Part(Difference(0.5), low_minus_high, mechanism=LEARNED)},
    margins="half a point",
    min_preset="laptop",
)
