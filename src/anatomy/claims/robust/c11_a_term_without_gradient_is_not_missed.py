"""robust-11: AAER is as good as released, where a term has no gradient, as it is as written."""

from anatomy.arms.robustness import N_FGSM, accuracies, withstands
from anatomy.arms.select import contrast
from anatomy.settings import Settings
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables

RELEASED: Settings = N_FGSM | {"penalty": "aaer"}
WRITTEN: Settings = N_FGSM | {"penalty": "aaer_as_written"}


def written_minus_released(tables: Tables) -> Sample:
    return contrast((1, accuracies(tables, **WRITTEN)), (-1, accuracies(tables, **RELEASED)))


CLAIM = Claim(
    module=__name__,
    statement="AAER gives the same accuracy under PGD, to within a point, whether the term that is detached in its "
    "released code has a gradient or not.",
    attribution="ours",
    source="Restated here as an equivalence: in the released code of Lin et al. 2023, arXiv:2404.08154 "
    "(tmllab/2023_NeurIPS_AAER), both losses of the second term are detached, so that its weight moves nothing.",
    quantity="Accuracy in points under PGD, N-FGSM with AAER at the authors' weights: as written minus as released.",
    parts={
        "as written minus as released": Part(
            Equivalence(1.0),
            written_minus_released,
            mechanism=withstands("AAER as released", lambda tables: accuracies(tables, **RELEASED)),
        )
    },
    margins="one point",
    min_preset="laptop",
)
