"""Auto-PGD: steps that halve where they no longer help, so that no step size need be chosen.

Croce and Hein 2020, arXiv:2003.01690, Algorithm 1 (momentum 0.75, checkpoints, conditions 1 and 2, rho = 0.75), for the
largest norm; with cross-entropy this is APGD-CE, the first attack of AutoAttack.
"""

from dataclasses import dataclass, field

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from anatomy.attacks import Network, Objective, ask, project
from anatomy.attacks.objectives import cross_entropy
from anatomy.attacks.single_step import draw
from anatomy.errors import InputError

RHO = 0.75  # share of steps that must have raised the loss, or the step is halved
MOMENTUM = 0.75  # of the new step against the last one


def checkpoints(steps: int) -> list[int]:
    """After how many steps the step size is looked at: the first after 22 % of them, each interval 3 % shorter, at
    least 6 %."""
    interval, shorter, least = (max(int(share * steps), 1) for share in (0.22, 0.03, 0.06))
    found, at = [], interval
    while at <= steps:
        found.append(at)
        interval = max(interval - shorter, least)
        at += interval
    return found


@dataclass
class Best:
    """The highest point of each image so far, and what the checkpoints ask of the way there."""

    images: Float[Tensor, "N 3 H W"]
    gradient: Float[Tensor, "N 3 H W"]
    losses: Float[Tensor, " N"]
    rises: list[Bool[Tensor, " N"]] = field(default_factory=list)  # since the last checkpoint, by step

    def take(self, images: Tensor, losses: Tensor, gradient: Tensor) -> None:
        higher = losses > self.losses
        rows = higher[:, None, None, None]
        self.images = torch.where(rows, images, self.images)
        self.gradient = torch.where(rows, gradient, self.gradient)
        self.losses = losses.maximum(self.losses)


def apgd(
    network: Network,
    images: Tensor,
    target: Tensor,
    *,
    epsilon: float,
    steps: int = 100,
    generator: Generator | None = None,
    objective: Objective = cross_entropy,
) -> Tensor:
    """Images [N, 3, H, W] of the ball: of each image the point with the highest loss that was met, the start included.
    One random start, steps from 2 epsilon down; the network is asked steps + 1 times, in the mode that it is in."""
    if steps < 1:
        raise InputError(f"steps is {steps}, but an attack has at least 1; try 1")
    noise = draw(images, "uniform", generator)
    widest = noise.abs().amax((1, 2, 3), keepdim=True)
    before = now = project(images + epsilon * noise / widest, images, epsilon)
    asked = ask(network, now, target, objective)
    gradient, losses = asked.gradient, asked.losses
    best = Best(now, gradient, losses)
    size = torch.full_like(images[:, :1, :1, :1], 2 * epsilon)
    looked, known, halved = checkpoints(steps), best.losses, torch.ones_like(losses, dtype=torch.bool)
    for step in range(1, steps + 1):
        target_point = project(now + size * gradient.sign(), images, epsilon)
        share = MOMENTUM if step > 1 else 1.0
        moved = project(now + share * (target_point - now) + (1 - share) * (now - before), images, epsilon)
        before, now = now, moved
        asked = ask(network, now, target, objective)
        best.rises.append(asked.losses > losses)
        gradient, losses = asked.gradient, asked.losses
        best.take(now, losses, gradient)
        if step in looked:
            halved = stuck(best, known, halved)
            rows, known, best.rises = halved[:, None, None, None], best.losses, []
            size = torch.where(rows, size / 2, size)
            now, gradient = torch.where(rows, best.images, now), torch.where(rows, best.gradient, gradient)
    return best.images


def stuck(best: Best, known: Tensor, halved: Tensor) -> Tensor:
    """Which images need a smaller step [N]: too few rises, or a step that was kept and a best loss that stayed."""
    few = torch.stack(best.rises).sum(0) <= RHO * len(best.rises)
    return few | (~halved & (best.losses <= known))
