"""family-14: CACR's four positives weigh nearly alike."""

from anatomy.arms.dictionary_size import PAPER, of_stage
from anatomy.arms.loss_family import accuracies
from anatomy.arms.select import by_seed, select
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables


def unevenness(tables: Tables) -> Sample:
    """1 minus the entropy of the weights over its maximum."""
    trained = accuracies(tables, "cacr", method="multi_view")
    rows = select(of_stage(tables["positive_weights"], PAPER), {}, tau=1.0)
    rows = rows[rows["key"].isin(trained["key"])]
    return Sample.of(1 - by_seed(rows, "entropy").to_numpy(dtype=float), rows)


CLAIM = Claim(
    module=__name__,
    statement="With the authors' tau+ = 1 the four positives of an anchor weigh nearly alike in CACR: their weights "
    "have more than 95 % of the largest entropy.",
    attribution="ours",
    source="Derived here: weights are exp(tau+ d), so positives whose squared distances differ by 0.5 weigh as 1 to "
    "1.65. Zheng et al. 2023, arXiv:2105.03746, and the authors' code (JegZheng/CACR-SSL) have the weights and tau+.",
    quantity="1 minus the entropy of the weights of four views over log 4, mean over unseen images, on the encoder "
    "that CACR with four positives trained.",
    parts={"1 minus entropy": Part(Equivalence(0.05), unevenness, unit="share")},
    margins="a twentieth of the largest entropy",
    min_preset="overnight",
)
