"""robust-6: noise that is drawn once for each image does as well as fresh noise."""

from anatomy.arms.robustness import N_FGSM, accuracies, n_fgsm, withstands
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables


def fixed_minus_fresh(tables: Tables) -> Sample:
    return contrast((1, accuracies(tables, **N_FGSM | {"fresh": False})), (-1, n_fgsm(tables)))


CLAIM = Claim(
    module=__name__,
    statement="Noise drawn once for each image gives the same accuracy under PGD, to within a point, as noise drawn "
    "anew at each step: noise is no more data.",
    attribution="ours",
    source="Restated here as an equivalence: the code of Niu et al. 2022, arXiv:2202.05488, has an arm with fixed "
    "noise; what it found was not seen. Ours lies still while the image is flipped.",
    quantity="Accuracy in points under PGD: N-FGSM (k = 2) with fixed noise minus with fresh noise.",
    parts={"fixed minus fresh": Part(Equivalence(1.0), fixed_minus_fresh, mechanism=withstands("N-FGSM", n_fgsm))},
    margins="one point",
    min_preset="laptop",
)
