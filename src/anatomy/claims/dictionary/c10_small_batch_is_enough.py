"""dictionary-10: a small batch is enough for SimCo."""

import pandas as pd

from anatomy.arms.dictionary_size import accuracies
from anatomy.arms.floor import above_pixels
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables


def small_minus_large(tables: Tables) -> Sample:
    return contrast((1, at(tables, 64)), (-1, large(tables)))


def at(tables: Tables, size: int) -> pd.DataFrame:
    return accuracies(tables, method="simco", loss="dual_temperature", batch_size=size)


def large(tables: Tables) -> pd.DataFrame:
    return at(tables, 256)


CLAIM = Claim(
    module=__name__,
    statement="SimCo with two temperatures is insensitive to the batch size: 64 images do as well as 256.",
    attribution="code",
    source="README of ChaoningZhang/Dual-temperature, the code of Zhang et al. 2022: 58.04 % at a batch of 64, 58.35 "
    "at 256 (by its scripts CIFAR-100, 200 epochs, one seed). That this is insensitive is our reading of it.",
    quantity="kNN accuracy in points, SimCo with two temperatures: batch 64 minus batch 256.",
    parts={
        "64 minus 256": Part(
            Equivalence(1.0), small_minus_large, mechanism=above_pixels("SimCo at a batch of 256", large)
        )
    },
    margins="one point",
    notes="Epochs and encoder passes are equal; the batch of 64 takes four times the steps, at a quarter of the "
    "learning rate.",
    min_preset="overnight",
)
