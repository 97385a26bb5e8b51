"""family-2: with the gradient through its weights, the hard-negative loss draws most negatives nearer."""

from anatomy.arms.dictionary_size import PAPER, of_stage
from anatomy.arms.select import by_seed, select
from anatomy.verdicts import Claim, Part, Sample, Shape, Tables


def more_than_half(tables: Tables) -> Sample:
    rows = select(of_stage(tables["loss_map"], PAPER), {}, of="hard negatives", at=0.1)
    return Sample.of(by_seed(rows, "drawn").to_numpy(dtype=float) - 0.5, rows)


CLAIM = Claim(
    module=__name__,
    statement="With beta = 1 and a gradient through its weights, as in the authors' code, the hard-negative loss draws "
    "more than half of all negatives nearer to their anchor.",
    attribution="ours",
    source="Derived here: the push of negative j is W / T times (1 + beta) q_j - beta r_j, with softmaxes q at "
    "T / (1 + beta) and r at T / beta, and falls below 0 for a negative that lies below the weighted mean. Robinson et "
    "al. 2021, arXiv:2010.04592, whose code (joshr17/HCL) does not detach the weights; nothing that was seen says it.",
    quantity="Share of pairs of anchor and negative with a push below 0, at T = 0.1, beta = 1 and without debiasing, "
    "on the frozen encoder at the end of a SimCo run with InfoNCE, minus one half.",
    parts={"share drawn nearer, minus one half": Part(Shape(0.05), more_than_half, unit="share")},
    margins="a twentieth of all pairs; no effect of the paper's was at hand to halve",
    min_preset="laptop",
)
