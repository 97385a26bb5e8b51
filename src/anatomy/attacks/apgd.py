"""Auto-PGD: steps that halve where they no longer help, so that no step size need be chosen.

Croce and Hein 2020, arXiv:2003.01690, Algorithm 1 (momentum 0.75, checkpoints, conditions 1 and 2, rho = 0.75), for the
largest norm; with cross-entropy this is APGD-CE, the first attack of AutoAttack.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from anatomy.attacks import Asked, Network, Objective, ask, project
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
    """The highest point of each image so far, its gradient and its height."""

    images: Float[Tensor, "N 3 H W"]
    gradient: Float[Tensor, "N 3 H W"]
    heights: Float[Tensor, " N"]

    @classmethod
    def of(cls, images: Tensor, asked: Asked, heights: Tensor) -> "Best":
        return cls(images, asked.gradient, heights)

    def take(self, images: Tensor, asked: Asked, heights: Tensor) -> None:
        rows = (heights > self.heights)[:, None, None, None]
        self.images = torch.where(rows, images, self.images)
        self.gradient = torch.where(rows, asked.gradient, self.gradient)
        self.heights = heights.maximum(self.heights)


def apgd(
    network: Network,
    images: Tensor,
    target: Tensor,
    *,
    epsilon: float,
    steps: int = 100,
    generator: Generator | None = None,
    objective: Objective = cross_entropy,
    worst: Objective | None = None,
) -> Tensor:
    """Images [N, 3, H, W] of the ball: of each image the point with the highest `worst` that was met, the start
    included; that is the objective where nothing else is said. One random start, steps from 2 epsilon down; the network
    is asked steps + 1 times, in the mode that it is in."""
    if steps < 1:
        raise InputError(f"steps is {steps}, but an attack has at least 1; try 1")
    judge = worst or objective
    before = now = started(images, epsilon, generator)
    asked = ask(network, now, target, objective)
    best, kept = Best.of(now, asked, asked.losses), Best.of(now, asked, judge(asked.outputs, target))
    size, gradient = torch.full_like(images[:, :1, :1, :1], 2 * epsilon), asked.gradient
    looked, known, halved = checkpoints(steps), best.heights, torch.ones_like(best.heights, dtype=torch.bool)
    rises: list[Tensor] = []  # since the last checkpoint, by step
    for step in range(1, steps + 1):
        point = project(now + size * gradient.sign(), images, epsilon)
        share = MOMENTUM if step > 1 else 1.0
        moved = project(now + share * (point - now) + (1 - share) * (now - before), images, epsilon)
        before, now, last = now, moved, asked.losses
        asked = ask(network, now, target, objective)
        rises.append(asked.losses > last)
        gradient = asked.gradient
        best.take(now, asked, asked.losses)
        kept.take(now, asked, judge(asked.outputs, target))
        if step in looked:
            halved = stuck(rises, best.heights, known, halved)
            rows, known, rises = halved[:, None, None, None], best.heights, []
            size = torch.where(rows, size / 2, size)
            now, gradient = torch.where(rows, best.images, now), torch.where(rows, best.gradient, gradient)
    return kept.images


def started(images: Tensor, epsilon: float, generator: Generator | None) -> Tensor:
    """A random point of the ball's surface: the largest change of each image is epsilon, before [0, 1] cuts it."""
    noise = draw(images, "uniform", generator)
    return project(images + epsilon * noise / noise.abs().amax((1, 2, 3), keepdim=True), images, epsilon)


def stuck(rises: list[Tensor], best: Tensor, known: Tensor, halved: Tensor) -> Tensor:
    """Which images need a smaller step [N]: too few rises, or a step that was kept and a best loss that stayed."""
    few = torch.stack(rises).sum(0) <= RHO * len(rises)
    return few | (~halved & (best <= known))
