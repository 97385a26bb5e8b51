"""transformation-1: the momentum has its best value inside, and the curves of the scores show why."""

import pandas as pd

from anatomy.arms.floor import above_pixels
from anatomy.arms.score_visualization import accuracies, late_difference
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables

BEST = 0.99


def at(tables: Tables, momentum: float) -> pd.DataFrame:
    return accuracies(tables, "none", momentum=momentum)


def best(tables: Tables) -> pd.DataFrame:
    return at(tables, BEST)


def rise(tables: Tables, column: str) -> Sample:
    """Of a curve, at m = 0.9 above m = 0.99."""
    low, best = (at(tables, momentum) for momentum in (0.9, BEST))
    return Sample.of(late_difference(tables, column, low, best, share=0.5), low, best)


def of_positives(tables: Tables) -> Sample:
    return rise(tables, "positive")


def of_variance(tables: Tables) -> Sample:
    return rise(tables, "negative_variance")


def above(momentum: float, margin: float) -> Part:
    """Accuracy at m = 0.99 above another m, where test images are judged."""

    def draw(tables: Tables) -> Sample | None:
        rows = best(tables)
        if rows.empty or (rows["evaluate_on"] != "test").any():
            return None
        return contrast((1, rows), (-1, at(tables, momentum)))

    return Part(Shape(margin), draw, mechanism=above_pixels("MoCo v2 at m = 0.99", best))


CLAIM = Claim(
    module=__name__,
    statement="The momentum m has its best value inside. Too small an m brings positives too near and makes the "
    "scores of negatives vary too much.",
    attribution="code",
    source="Notebook of DTennant/CL-Visualizing-Feature-Transformation, the code of Zhu et al. 2021, "
    "arXiv:2108.02982: MoCo at T = 0.07 with 46.5, 56.2, 53.1 and 31.2 % at m = 0.9, 0.99, 0.999 and 1 (presumably "
    "ImageNet-100); read off its curves, m = 0.9 has positives near 0.87 where the others reach 0.8, and a variance "
    "of negatives of 0.04 to 0.05 where the others have 0.012.",
    quantity="Mean score of positives, and variance of an anchor's scores with its negatives, over the second half of "
    "the steps of MoCo v2: m = 0.9 minus m = 0.99. Where test images are judged (presets overnight and gpu) also kNN "
    "accuracy in points: m = 0.99 minus m = 0.9, and minus m = 1.",
    parts={
        "positives nearer": Part(Shape(0.035), of_positives, unit=""),
        "negatives spread": Part(Shape(0.015), of_variance, unit=""),
        "above m = 0.9": above(0.9, margin=4.85),
        "above m = 1": above(1.0, margin=12.5),
    },
    margins="half of what the notebook shows",
    notes="The accuracy counts only on test images: at the preset laptop the curves alone are judged.",
    min_preset="laptop",
)
