"""Histograms of scores while training: positives, negatives, and the same before mixing, with labels in hand.

Beyond Zhu et al. 2021, arXiv:2108.02982, whose code records means and variances only.
"""

import torch
from torch import Tensor

from anatomy.quantities import Count
from anatomy.recorders import Rows, every_nth
from anatomy.recorders.score_curves import dense, same_class
from anatomy.similarity import inner
from anatomy.step import Method, StepOutput

MOMENTS = 20  # histograms in a table: a step's rows are as many as there are bins
KINDS = ("positive", "negative", "raw_positive", "raw_false", "raw_true")


class ScoreHistograms:
    """Rows (step, score, KINDS): how many scores lie in the bin whose middle is `score`; all bins of [-1, 1].

    `positive` and `negative` are what the loss sees, which may lie outside: it counts in the bin at the end. The raw
    ones are with the stored queue, its keys of the anchor's own class (false) apart from the others (true), without
    the random keys of the start. Recorded every `every`-th time that recorders write; negatives of the first `anchors`.
    A table has at most MOMENTS histograms: of more every so many-th, and no means, which would have two heads.
    """

    needs = ("positive", "negatives", "z_1", "z_2", "index", "queue", "queue_index")

    def __init__(
        self, labels: Tensor, record_every: int, *, bins: Count = 40, every: Count = 10, anchors: Count = 64
    ) -> None:
        self.labels, self.bins, self.anchors = labels, bins, anchors
        self.period = every * record_every
        self.rows = Rows(["step", "score", *KINDS], most=MOMENTS, fewer=every_nth)

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        if step % self.period:
            return
        watch = output.watch
        stored = inner(watch["z_1"][: self.anchors], watch["queue"])
        same, real = same_class(self.labels, watch["index"][: self.anchors], watch["queue_index"])
        seen = dense(watch["negatives"], self.anchors)
        counts = [
            histogram(watch["positive"], self.bins),
            histogram(seen, self.bins, seen.isfinite()),
            histogram((watch["z_1"] * watch["z_2"]).sum(1), self.bins),
            histogram(stored, self.bins, same),
            histogram(stored, self.bins, real & ~same),
        ]
        middles = (torch.arange(self.bins, device=stored.device) + 0.5) * (2 / self.bins) - 1
        rows = torch.stack([torch.full_like(counts[0], step), middles.double().round(decimals=5), *counts], 1)
        self.rows.add(rows)


def histogram(scores: Tensor, bins: int, of: Tensor | None = None) -> Tensor:
    """How many of the scores lie in each bin of [-1, 1]; the left edge belongs to a bin, and 1 to the last.

    By adding and not by `bincount`, which makes a GPU wait to learn how long its result is.
    """
    place = ((scores + 1) * (bins / 2)).floor().nan_to_num(neginf=0).clamp(0, bins - 1).long().flatten()
    ones = torch.ones_like(place) if of is None else of.expand_as(scores).flatten()
    return torch.zeros(bins, dtype=torch.float64, device=scores.device).scatter_add_(0, place, ones.double())
