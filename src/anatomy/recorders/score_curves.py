"""The curves of scores over training, before and after a transform, and with labels in hand.

Zhu et al. 2021, arXiv:2108.02982, draw such curves. Their code (DTennant/CL-Visualizing-Feature-Transformation) records
for each query the mean and variance of its scores with the queue, its positive score, and the exponentials of both,
after mixing only. Ours records them before mixing too, so that runs with and without a transform can be compared.
"""

from math import log

import torch
from torch import Tensor

from anatomy.quantities import Count, Temperature
from anatomy.recorders import Rows
from anatomy.similarity import Against, Negatives, inner, logits
from anatomy.step import Method, StepOutput

MOMENTS = ("positive", "positive_variance", "negative", "negative_variance", "exp_positive", "exp_negative", "found")
LABELED = ("real", "false_share", "false_share_nearest", "false_negative", "true_negative")


class ScoreCurves:
    """Rows of a step: MOMENTS of what the loss sees, the same of the stored queue (raw_...), and LABELED.

    positive, positive_variance    of the positives' scores, over all anchors of the batch
    negative, negative_variance    of an anchor's scores with its negatives, then the mean over anchors
    exp_positive, exp_negative     log of the mean of exp(score / T), nats, at `exponential_temperature`
    found                          share of anchors whose positive is nearer than every negative
    real                           share of the queue that is keys of images, and not the random start
    false_share                    share of an anchor's keys that show its own class; _nearest: of its `nearest` keys
    false_negative, true_negative  mean score with keys of the own class, and with others

    Labels are a diagnostic: no method sees them. Variances are unbiased. Of the negatives, those of the first `anchors`
    count, a quarter of 256. Recording then costs 3 ms with 1,024 keys and 9 ms with 4,096, where a step takes 48 ms on
    one core: about 1 % of a run at every 10th or 20th step. Five decimals are kept: records are read by people.
    """

    needs = ("positive", "negatives", "z_1", "z_2", "index", "queue", "queue_index")

    def __init__(
        self,
        labels: Tensor,
        *,
        exponential_temperature: Temperature = 0.1,
        nearest: Count = 64,
        anchors: Count = 64,
    ) -> None:
        self.labels, self.temperature = labels, exponential_temperature
        self.nearest, self.anchors = nearest, anchors
        self.rows = Rows(["step", *MOMENTS, *(f"raw_{name}" for name in MOMENTS), *LABELED])

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        watch = output.watch
        positive, raw_positive = watch["positive"], (watch["z_1"] * watch["z_2"]).sum(1)
        stored = inner(watch["z_1"][: self.anchors], watch["queue"])  # [A, K]
        seen = dense(watch["negatives"], self.anchors)  # [A, K + synthetic]
        same, real = same_class(self.labels, watch["index"][: self.anchors], watch["queue_index"])
        numbers = [
            *moments(positive, seen, self.temperature),
            *moments(raw_positive, stored, self.temperature),
            *by_label(stored, same, real, self.nearest),
        ]
        row = torch.stack([torch.full_like(numbers[0], step), *numbers])
        self.rows.add(row.double().round(decimals=5)[None])


def dense(negatives: Negatives, anchors: int) -> Tensor:
    """Scores of the first anchors with all their negatives [A, K]; an excluded one is minus infinity."""
    blocks = negatives if isinstance(negatives, tuple) else (negatives,)
    return torch.cat([logits(first(block, anchors), 1.0) for block in blocks], 1)


def first(block: Tensor | Against, anchors: int) -> Tensor | Against:
    if isinstance(block, Tensor):
        return block[:anchors]
    excluded = block.excluded and (block.excluded[0][:anchors], block.excluded[1])
    return Against(block.anchor[:anchors], block.keys, excluded)


def same_class(labels: Tensor, index: Tensor, queue_index: Tensor) -> tuple[Tensor, Tensor]:
    """Which keys show an anchor's class [A, K], and which are keys of images at all [K] (-1 is the random start)."""
    real = queue_index >= 0
    return (labels[index][:, None] == labels[queue_index][None]) & real, real


def moments(positive: Tensor, negatives: Tensor, temperature: float) -> list[Tensor]:
    """MOMENTS of positives [N] and of negatives [A, K]; sums, not selections, so that a GPU need not wait."""
    kept = negatives.isfinite()
    count, zeroed = kept.sum(1), negatives.where(kept, 0)
    mean = zeroed.sum(1) / count
    squares = (zeroed - mean[:, None]).square().where(kept, 0).sum(1)
    found = positive[: len(negatives)] > negatives.amax(1)
    return [
        positive.mean(),
        positive.var(),
        mean.mean(),
        (squares / (count - 1)).mean(),
        (positive / temperature).logsumexp(0) - log(len(positive)),
        ((negatives / temperature).logsumexp(1) - count.log()).logsumexp(0) - log(len(negatives)),
        found.to(mean.dtype).mean(),
    ]


def by_label(scores: Tensor, same: Tensor, real: Tensor, nearest: int) -> list[Tensor]:
    """LABELED, from the scores of anchors with the stored queue [A, K]; 0 where nothing is of the kind."""
    top = scores.masked_fill(~real, -2.0).topk(min(nearest, scores.shape[1]), dim=1).indices
    others = real & ~same

    def mean(values: Tensor, of: Tensor) -> Tensor:
        return (values * of).sum() / of.sum().clamp(min=1)

    ones = torch.ones_like(scores)
    return [
        real.to(scores.dtype).mean(),
        mean(same.to(scores.dtype), ones * real),
        same.gather(1, top).to(scores.dtype).mean(),
        mean(scores, same),
        mean(scores, others),
    ]
