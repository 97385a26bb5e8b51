"""How the gradient changes from one step to the next: what Santurkar et al. 2018, arXiv:1805.11604, call its
predictiveness, in the form of agusgun/CS-570-Project, which reads the last linear layer alone.

The band that is drawn from it lies between learning rates at the same step (`analysis.bands`), and is no line along
which a network was moved; that is `recorders.landscape`.
"""

import torch
from torch import Tensor, nn

from anatomy.quantities import Count
from anatomy.recorders import Rows
from anatomy.step import Method, StepOutput


class Gradients:
    """Rows (step, loss, length, change): means over `window` steps, the step is the first of them.

    loss in nats; length of the gradient g_t of the weights of the last linear layer; change = ||g_t - g_{t-1}||_2, so
    the run must record every step. The first step of an epoch has no change: a run may have been resumed there.
    """

    needs = ()

    def __init__(self, *, window: Count = 10) -> None:
        self.rows = Rows(["step", "loss", "length", "change"], window)
        self.before: Tensor | None = None

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        head = [layer for layer in method.encoder.projector.modules() if isinstance(layer, nn.Linear)][-1]
        gradient = head.weight.grad
        assert gradient is not None
        now = gradient.double()
        if self.before is None or not self.rows.waiting:
            self.before = torch.full_like(now, torch.nan)
        change = (now - self.before).norm()
        self.rows.add(torch.stack([torch.full_like(change, step), output.loss.double(), now.norm(), change])[None])
        self.before = now.clone()
