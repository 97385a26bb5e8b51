"""dictionary-6: the temperature within an anchor must stay small, with its best near 0.1 to 0.2."""

import pandas as pd

from anatomy.arms.dictionary_size import accuracies
from anatomy.arms.floor import above_pixels
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables


def at(tables: Tables, temperature: float) -> pd.DataFrame:
    return accuracies(tables, method="simco", loss="dual_temperature", temperature_intra=temperature)


def best(tables: Tables) -> pd.DataFrame:
    return at(tables, 0.1)


def above(end: float) -> Part:
    def draw(tables: Tables) -> Sample:
        return contrast((1, best(tables)), (-1, at(tables, end)))

    return Part(Shape(0.5), draw, mechanism=above_pixels("SimCo at 0.1 within an anchor", best))


CLAIM = Claim(
    module=__name__,
    statement="The temperature within an anchor must stay small whatever the one between anchors: accuracy is best "
    "near 0.1 to 0.2, and falls towards 0.5 and towards 0.05.",
    attribution="ours",
    source="Restated here. The code of Zhang et al. 2022 (ChaoningZhang/Dual-temperature) sets 0.1 within an anchor "
    "and 1.0 between anchors; their grid over both temperatures was not seen.",
    quantity="kNN accuracy in points, SimCo with a temperature of 1.0 between anchors, batch 256, by the temperature "
    "within an anchor: 0.1 minus 0.5, and 0.1 minus 0.05.",
    parts={"0.1 minus 0.5": above(0.5), "0.1 minus 0.05": above(0.05)},
    notes="All arms have the same epochs, passes and learning rate.",
    min_preset="overnight",
)
