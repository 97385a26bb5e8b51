"""One step of gradient sign, with noise before it, under it or behind it: the family of cheap adversarial training.

FGSM: Goodfellow et al. 2015, arXiv:1412.6572. FGSM-RS: Wong et al. 2020, arXiv:2001.03994 (noise as the start, k = 1,
alpha = 1.25, kept in the ball). N-FGSM: de Jorge et al. 2022, arXiv:2202.01181 (noise as the start, k = 2, alpha = 1,
not kept in it). NoiseAug: Niu et al. 2022, arXiv:2202.05488 (the noisy image takes the image's place, alpha = 1.25,
kept in the ball around it). Options as in the authors' code.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from anatomy.attacks import Asked, Network, Objective, ask, project
from anatomy.attacks.objectives import cross_entropy
from anatomy.hardware.device import move
from anatomy.quantities import Distribution, Noise


@dataclass(frozen=True, kw_only=True)
class SingleStep:
    """The options: noise of width `k` and a step of `alpha`, both in units of epsilon."""

    epsilon: float
    alpha: float = 1.0
    noise: Noise = "none"
    k: float = 1.0
    clip: bool = True  # back into the ball, around the image or, with noise "image", around the noisy one


@dataclass(frozen=True)
class Attacked:
    """Adversarial images, where the gradient was taken, and what the network said there."""

    images: Float[Tensor, "N 3 H W"]
    start: Float[Tensor, "N 3 H W"]
    asked: Asked


def draw(like: Tensor, distribution: Distribution, generator: Generator | None) -> Tensor:
    """Noise of width 1 in the shape of images: uniform in [-1, 1], or standard normal. Drawn on the processor."""
    if distribution == "uniform":
        noise = 2 * torch.rand(like.shape, generator=generator) - 1
    else:
        noise = torch.randn(like.shape, generator=generator)
    return move(noise.to(like.dtype), like.device)


def single_step(
    network: Network,
    images: Tensor,
    target: Tensor,
    noise: Tensor | None,
    options: SingleStep,
    objective: Objective = cross_entropy,
) -> Attacked:
    """Images [N, 3, H, W] in [0, 1] and noise of width 1 in their shape (None where the options ask for none).

    The network is asked once, in the mode that it is in. Without `clip`, or with noise other than "start", the result
    may leave the ball of epsilon around the images: by the width of the noise, and never [0, 1].
    """
    noisy = images if noise is None else (images + options.k * options.epsilon * noise).clamp(0, 1)
    start = images if options.noise == "after" else noisy
    asked = ask(network, start, target, objective)
    moved = start + options.alpha * options.epsilon * asked.gradient.sign()
    if options.clip:
        moved = project(moved, start if options.noise == "image" else images, options.epsilon)
    if options.noise == "after" and noise is not None:
        moved = moved + options.k * options.epsilon * noise
    return Attacked(moved.clamp(0, 1), start, asked)


def fgsm(
    network: Network, images: Tensor, target: Tensor, epsilon: float, objective: Objective = cross_entropy
) -> Tensor:
    """The plain step: clip(x + epsilon sign g)."""
    return single_step(network, images, target, None, SingleStep(epsilon=epsilon), objective).images
