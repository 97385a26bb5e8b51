"""dictionary-12: without a dictionary no momentum is needed."""

import pandas as pd

from anatomy.arms.dictionary_size import accuracies
from anatomy.arms.floor import above_pixels
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables


def at(tables: Tables, momentum: float) -> pd.DataFrame:
    return accuracies(tables, method="simmoco", loss="dual_temperature", momentum=momentum)


def usual(tables: Tables) -> pd.DataFrame:
    return at(tables, 0.99)


def none_minus(momentum: float) -> Part:
    def draw(tables: Tables) -> Sample:
        return contrast((1, at(tables, 0.0)), (-1, at(tables, momentum)))

    return Part(Equivalence(1.0, one_sided=True), draw, mechanism=above_pixels("SimMoCo at m = 0.99", usual))


CLAIM = Claim(
    module=__name__,
    statement="Once the dictionary is gone, momentum is not needed: m = 0 does as well as the best m.",
    attribution="ours",
    source="Restated here as an equivalence. SimCo in the code of Zhang et al. 2022 (ChaoningZhang/Dual-temperature) "
    "goes without momentum; their sweep over m was not seen.",
    quantity="kNN accuracy in points, SimMoCo with two temperatures: m = 0 minus m = 0.99, and m = 0 minus m = 0.9.",
    parts={"0 minus 0.99": none_minus(0.99), "0 minus 0.9": none_minus(0.9)},
    margins="one point",
    notes="To be within a point of each other m is to be within a point of the best; the best is not picked, since "
    "noise would pick it, and m = 0 may be the best itself. Epochs and passes are equal.",
    min_preset="overnight",
)
