"""family-1: InfoNCE, DCL, CACR, dual temperature and hard negatives are one loss where their options meet."""

from anatomy.arms.dictionary_size import identity
from anatomy.verdicts import Claim, Exact, Part

CLAIM = Claim(
    module=__name__,
    statement="InfoNCE's gradient is W times DCL's. Dual temperature with equal weights is K / (K + 1) times DCL, CACR "
    "with one positive and detached weights is 2 T times DCL, and hard negatives with beta = 0 and without debiasing "
    "are InfoNCE.",
    attribution="ours",
    source="Derived here from the formulas of Yeh et al. 2022, arXiv:2110.06848, Zhang et al. 2022, arXiv:2203.17248, "
    "Zheng et al. 2023, arXiv:2105.03746, and Robinson et al. 2021, arXiv:2010.04592, as the authors' code has them.",
    quantity="Largest relative error of each, in float64: gradients with respect to all similarities, on the "
    "embeddings of a trained network, at temperatures from 0.05 to 1.",
    parts={
        name: Part(Exact(1e-10), identity(name, "family_identities"), demonstration=True)
        for name in (
            "InfoNCE is W times DCL",
            "dual temperature, equal weights, is K / (K + 1) times DCL",
            "CACR, one positive, detached, is 2 T times DCL",
            "hard negatives, beta = 0, are InfoNCE",
        )
    },
    min_preset="smoke",
)
