"""family-10: CACR gains by four positives, and by weighing them."""

from anatomy.arms.loss_family import accuracies, learned
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables

PASSES = 2.5  # of an image with four positives, five views, for each of one with one, two views


def several(tables: Tables, loss: str = "cacr") -> Sample:
    return contrast((1, accuracies(tables, "cacr", method="multi_view")), (-1, accuracies(tables, loss)))


def weighed(tables: Tables) -> Sample:
    both = (accuracies(tables, loss, method="multi_view") for loss in ("cacr", "info_nce"))
    return contrast(*zip((1, -1), both, strict=True))


def equal_passes(tables: Tables) -> Sample:
    length = float(accuracies(tables, "cacr")["epochs"].min())
    longer = accuracies(tables, "cacr", epochs=PASSES * length)
    return contrast((1, accuracies(tables, "cacr", method="multi_view")), (-1, longer))


FLOOR = learned("SimCo with CACR", lambda tables: accuracies(tables, "cacr"))
WEIGHED = Part(Difference(0.5), weighed, mechanism=FLOOR)

CLAIM = Claim(
    module=__name__,
    statement="CACR with four positives gives a higher accuracy than with one, and than the plain mean of InfoNCE over "
    "four positives.",
    attribution="ours",
    source="Restated here. Zheng et al. 2023, arXiv:2105.03746: four positives are those of the authors' small-scale "
    "code (JegZheng/CACR-SSL); no table was seen.",
    quantity="kNN accuracy in points, at a batch of 256 and T = 0.1: CACR with four positives minus with one, at equal "
    "epochs and at equal encoder passes; and with four, CACR minus InfoNCE.",
    parts={"four minus one": Part(Difference(0.5), several, mechanism=FLOOR), "CACR minus InfoNCE": WEIGHED},
    equal_passes={
        "four minus one": Part(Difference(0.5), equal_passes, mechanism=FLOOR),
        "CACR minus InfoNCE": WEIGHED,
    },
    min_preset="overnight",
)
