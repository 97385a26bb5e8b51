"""family-15: CACR loses less than InfoNCE where classes are of unequal size."""

import pandas as pd

from anatomy.arms.loss_family import accuracies, learned
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables

RATIO = 10.0  # of the largest class to the smallest


def smaller_loss(tables: Tables) -> Sample:
    """(CACR - InfoNCE) with classes thinned, less the same with as many images of all classes."""
    arms = [
        (sign * of, accuracies(tables, loss, imbalance=RATIO, imbalance_by=by))
        for sign, by in ((1, "class"), (-1, "chance"))
        for of, loss in ((1, "cacr"), (-1, "info_nce"))
    ]
    return contrast(*arms)


def as_few(tables: Tables) -> pd.DataFrame:
    return accuracies(tables, "info_nce", imbalance=RATIO, imbalance_by="chance")


CLAIM = Claim(
    module=__name__,
    statement="Where the training set has classes of unequal size, 10 to 1, CACR loses less accuracy than "
    "InfoNCE does.",
    attribution="ours",
    source="Restated here. Zheng et al. 2023, arXiv:2105.03746: the authors' code (JegZheng/CACR-SSL) has an option by "
    "which class i of n keeps (i + 1) / n of its images, and the paper is known to speak of robustness to imbalance; "
    "no table of it was seen.",
    quantity="kNN accuracy in points at a batch of 256 and T = 0.1, one positive: CACR minus InfoNCE after training on "
    "classes thinned 10 to 1, less the same after training on as many images drawn from all classes.",
    parts={
        "CACR's smaller loss": Part(
            Difference(0.5), smaller_loss, mechanism=learned("SimCo with InfoNCE on as few images", as_few)
        )
    },
    notes="Neighbors are looked up among the images that were trained on, so rare classes have fewer votes under "
    "either loss; the test images have all classes equally often.",
    min_preset="overnight",
)
