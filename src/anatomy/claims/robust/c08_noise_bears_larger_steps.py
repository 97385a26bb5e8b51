"""robust-8: with noise the step may be larger."""

from anatomy.arms.robustness import N_FGSM, accuracies, fgsm, n_fgsm, withstands
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables

LARGE = {"alpha": 2.0, "clip": False}


def borne(tables: Tables) -> Sample:
    terms = (accuracies(tables, **N_FGSM | LARGE), n_fgsm(tables), accuracies(tables, **LARGE), fgsm(tables))
    return contrast(*zip((1, -1, -1, 1), terms, strict=True))


CLAIM = Claim(
    module=__name__,
    statement="A step of twice epsilon costs N-FGSM less of its accuracy under PGD than it costs FGSM.",
    attribution="ours",
    source="Restated here: the code of Niu et al. 2022, arXiv:2202.05488, sweeps the step up to 9.5 epsilon; what it "
    "found was not seen.",
    quantity="Accuracy in points under PGD: N-FGSM with a step of 2 epsilon minus with one of epsilon, less the same "
    "of FGSM; neither is brought back into the ball at 2 epsilon.",
    parts={"loss of FGSM minus loss of N-FGSM": Part(Difference(0.5), borne, mechanism=withstands("FGSM", fgsm))},
    min_preset="overnight",
)
