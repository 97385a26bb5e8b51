"""Many steps of gradient sign, from several random starts, of which the worst is kept.

PGD: Madry et al. 2018, arXiv:1706.06083. With momentum: MI-FGSM, Dong et al. 2018, arXiv:1710.06081. With a random
resize of what is shown: DI-FGSM, Xie et al. 2019, arXiv:1803.06978 (`attacks.diverse`).
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from anatomy.attacks import Network, Objective, ask, project
from anatomy.attacks.objectives import cross_entropy
from anatomy.attacks.single_step import draw
from anatomy.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Steps:
    """How far and how often: epsilon and the step in shares of the pixels' range."""

    epsilon: float
    step: float
    steps: int = 10
    restarts: int = 1
    random_start: bool = True  # uniform in the ball
    momentum: float = 0.0  # share of the earlier directions that is kept; MI-FGSM has 1

    def __post_init__(self) -> None:
        """InputError in one sentence for what is no attack."""
        if not 0 <= self.epsilon <= 1:
            raise InputError(f"epsilon is {self.epsilon}, but it must lie in 0 .. 1, a share of a pixel's range")
        for name, count in (("steps", self.steps), ("restarts", self.restarts)):
            if count < 1:
                raise InputError(f"{name} is {count}, but an attack has at least 1; try 1")


def pgd(
    network: Network,
    images: Tensor,
    target: Tensor,
    options: Steps,
    generator: Generator | None = None,
    objective: Objective = cross_entropy,
    *,
    worst: Objective | None = None,
    shown: Callable[[Tensor], Tensor] | None = None,
) -> Tensor:
    """Images [N, 3, H, W] of the ball. Of the restarts each image keeps the one with the highest `worst`, which is the
    objective where nothing else is said: with `margin`, one that fools is never given up for one that does not.
    `shown`: what is done with the images before the network sees them."""
    judge = worst or objective
    kept, height = images, images.new_full(images.shape[:1], float("-inf"))
    for _ in range(options.restarts):
        found = climb(network, images, target, options, generator, objective, shown)
        with torch.no_grad():
            reached = judge(network(found), target).to(height)
        better = reached > height
        kept, height = torch.where(better[:, None, None, None], found, kept), reached.maximum(height)
    return kept


def climb(
    network: Network,
    images: Tensor,
    target: Tensor,
    options: Steps,
    generator: Generator | None,
    objective: Objective,
    shown: Callable[[Tensor], Tensor] | None = None,
) -> Tensor:
    """One start. Steps follow the sign of the gradient, or of its running sum, each term divided by its own length in
    the 1-norm."""
    seen = network if shown is None else lambda x: network(shown(x))
    start = images + options.epsilon * draw(images, "uniform", generator) if options.random_start else images
    moved, direction = project(start, images, options.epsilon), torch.zeros_like(images)
    for _ in range(options.steps):
        gradient = ask(seen, moved, target, objective).gradient
        if options.momentum:
            length = gradient.abs().sum((1, 2, 3), keepdim=True).clamp(min=torch.finfo(gradient.dtype).tiny)
            gradient = direction = options.momentum * direction + gradient / length
        moved = project(moved + options.step * gradient.sign(), images, options.epsilon)
    return moved
