"""robust-5: noise before the attack is better than behind it."""

from anatomy.arms.robustness import accuracies, n_fgsm, withstands
from anatomy.arms.select import contrast
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def before_minus_behind(tables: Tables) -> Sample:
    return contrast((1, n_fgsm(tables)), (-1, accuracies(tables, noise="after", k=2.0)))


CLAIM = Claim(
    module=__name__,
    statement="Noise that the attack starts from gives a higher accuracy under PGD than the same noise put on its "
    "result.",
    attribution="ours",
    source="Restated here: the code of Niu et al. 2022, arXiv:2202.05488, has both orders; its tables were not seen.",
    quantity="Accuracy in points under PGD: N-FGSM (k = 2) minus FGSM with noise of the same width behind it.",
    parts={"before minus behind": Part(Difference(0.5), before_minus_behind, mechanism=withstands("N-FGSM", n_fgsm))},
    min_preset="laptop",
)
