"""The optimizer: of which weights, and at which learning rate."""

from collections.abc import Callable
from functools import partial
from math import cos, pi

import torch

from anatomy.runs.config import Run
from anatomy.step import Method


def groups(method: Method) -> list[dict[str, object]]:
    """The parameter groups: those that follow the schedule and, where a method has such, those at a constant rate."""
    constant = [p for p in method.constant_rate() if p.requires_grad]
    names = {id(p) for p in constant}
    scheduled = [p for p in method.parameters() if p.requires_grad and id(p) not in names]
    found: list[dict[str, object]] = [{"params": scheduled}]
    return [*found, {"params": constant, "constant": True}] if constant else found


def optimizer_of(run: Run) -> Callable[..., torch.optim.Optimizer]:
    """With its constants bound; weight decay is part of the gradient (L2), as in the papers' code."""
    return torch.optim.Adam if run.optimizer == "adam" else partial(torch.optim.SGD, momentum=run.sgd_momentum)


def rates_on(optimizer: torch.optim.Optimizer, device: torch.device) -> None:
    """On a card, learning rates are numbers on the card: what a recorded step reads there (`cuda_graph`)."""
    if device.type == "cuda":
        for group in optimizer.param_groups:
            group["lr"] = torch.zeros((), device=device)
            if "capturable" in group:  # Adam's count of steps lies there too
                group["capturable"] = True


def set_rates(optimizer: torch.optim.Optimizer, run: Run, step: int, steps: int) -> None:
    """The learning rates of a step, of so many in the run."""
    for group in optimizer.param_groups:
        rate = peak_rate(run) if group.get("constant") else learning_rate(run, step, steps)
        if isinstance(group["lr"], torch.Tensor):
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate


def learning_rate(run: Run, step: int, steps: int) -> float:
    """Linear warm-up over the first share of the steps, then half a cosine to 0, or constant.

    Goyal et al. 2017, arXiv:1706.02677 (warm-up); Loshchilov and Hutter 2017, arXiv:1608.03983 (cosine).
    """
    peak, warm = peak_rate(run), run.warmup * steps
    if step + 1 <= warm:
        return peak * (step + 1) / warm
    if run.schedule == "constant":
        return peak
    return peak * (1 + cos(pi * max(0.0, step - warm) / max(1, steps - warm))) / 2


def peak_rate(run: Run) -> float:
    """SGD's is scaled by batch_size / 256 (Goyal et al. 2017, arXiv:1706.02677); Adam's step does not grow with the
    gradient, so its rate is taken as it is."""
    return run.learning_rate * (run.batch_size / 256 if run.optimizer == "sgd" else 1)
