"""robust-4: NoiseAug costs what FGSM costs, and GradAlign much more."""

from math import log

import numpy as np

from anatomy.arms.robustness import BASE
from anatomy.arms.select import by_seed, difference, select
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Shape, Tables


def ratio(tables: Tables, defense: str) -> Sample:
    """The log of a step's time over FGSM's, of the same network in turns."""
    rows = select(tables["defense_costs"], BASE)
    of = [by_seed(rows[rows["defense"] == name], "milliseconds") for name in (defense, "FGSM")]
    return Sample.of(difference(*(column.map(np.log) for column in of)), rows)


def noise(tables: Tables) -> Sample:
    return ratio(tables, "NoiseAug")


def alignment(tables: Tables) -> Sample:
    found = ratio(tables, "GradAlign")
    return Sample(found.values - log(1.5), found.keys)


CLAIM = Claim(
    module=__name__,
    statement="A step of NoiseAug takes as long as one of FGSM, and one of GradAlign at least half as long again.",
    attribution="ours",
    source="Restated here. Niu et al. 2022, arXiv:2202.05488, abstract: GradAlign is three to four times slower than "
    "FGSM. By passes it is at least 1.5: FGSM goes forward and back twice, GradAlign three times.",
    quantity="Log of the time of a training step (attack, forward, backward) over FGSM's: NoiseAug; and GradAlign, "
    "less the log of 1.5. Median of five rounds in turns on the network of a run of FGSM, in float32, where it ran.",
    parts={
        "NoiseAug over FGSM": Part(Equivalence(log(1.1)), noise, unit="log"),
        "GradAlign over FGSM, over 1.5": Part(Shape(log(1.1)), alignment, unit="log"),
    },
    margins="ten percent of a step's time",
    min_preset="laptop",
)
