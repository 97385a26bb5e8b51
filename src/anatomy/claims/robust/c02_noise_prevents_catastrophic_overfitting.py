"""robust-2: where FGSM overfits catastrophically, noise on the image prevents it."""

from anatomy.arms.robustness import catastrophic, fgsm, n_fgsm
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def noise_minus_none(tables: Tables) -> Sample:
    return contrast((1, n_fgsm(tables)), (-1, fgsm(tables)))


CLAIM = Claim(
    module=__name__,
    statement="Where FGSM overfits catastrophically, N-FGSM, which is NoiseAug, keeps its accuracy under PGD.",
    attribution="ours",
    source="Restated here from the abstracts of Niu et al. 2022, arXiv:2202.05488, and de Jorge et al. 2022, "
    "arXiv:2202.01181; neither text nor table was at hand.",
    quantity="Accuracy in points under PGD from random starts, at the radius of the training: N-FGSM (k = 2) minus "
    "FGSM, last epoch.",
    parts={"N-FGSM minus FGSM": Part(Difference(0.5), noise_minus_none)},
    mechanism=catastrophic(),
    min_preset="laptop",
)
