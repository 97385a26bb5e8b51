"""Synthetic negatives beside the real ones, while training: how hard they are.

They come from a transform such as MoCHi, Kalantidis et al. 2020, arXiv:2010.01028.
"""

import torch
from torch import Tensor

from anatomy.quantities import Count
from anatomy.recorders import Rows
from anatomy.similarity import inner
from anatomy.step import Method, StepOutput


class Synthetic:
    """Rows (step, kind, score, harder), one for each kind of synthetic negative, in the transform's order from 1.

    `score` is their mean, `harder` the share of them that are nearer to their anchor than the hardest key of the whole
    queue; of the first `sampled` anchors. A run without synthetic negatives has no rows.
    """

    needs = ("negatives", "z_1", "queue")

    def __init__(self, *, sampled: Count = 64) -> None:
        self.sampled = sampled
        self.rows = Rows(["step", "kind", "score", "harder"])

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        negatives = output.watch["negatives"]
        if not isinstance(negatives, tuple):
            return
        hardest = inner(output.watch["z_1"][: self.sampled], output.watch["queue"]).amax(1, keepdim=True)
        for kind, block in enumerate(negatives[1:], start=1):
            assert isinstance(block, Tensor)  # a transform's own negatives are dense
            scores = block[: self.sampled]
            harder = (scores > hardest).to(scores.dtype).mean()
            said = [torch.full_like(harder, value) for value in (step, kind)]
            self.rows.add(torch.stack([*said, scores.mean(), harder]).double().round(decimals=5)[None])
