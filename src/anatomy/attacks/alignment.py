"""Gradient alignment: whether the loss is straight between an image and its neighbors.

Andriushchenko and Flammarion 2020, arXiv:2007.02617, equation 2: the cosine of the gradients at x and at x + eta, eta
uniform in the ball. Near 1, one step of gradient sign is as good as many; it falls where a network learns to hide its
gradient from that step.
"""

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from anatomy.attacks import Network, ask
from anatomy.attacks.objectives import cross_entropy
from anatomy.attacks.single_step import draw


def cosines(one: Float[Tensor, "N 3 H W"], other: Float[Tensor, "N 3 H W"]) -> tuple[Tensor, Bool[Tensor, " N"]]:
    """The cosine of each pair [N], and whether it has one: neither gradient is zero."""
    lengths = [g.square().sum((1, 2, 3)) for g in (one, other)]
    known = (lengths[0] > 0) & (lengths[1] > 0)
    product = torch.stack([length.where(known, 1).sqrt() for length in lengths]).prod(0)
    return (one * other).sum((1, 2, 3)) / product, known


def aligned(one: Tensor, other: Tensor) -> Tensor:
    """Mean cosine over the images that have one, a scalar; 0 where none has."""
    each, known = cosines(one, other)
    return each.where(known, 0).sum() / known.sum().clamp(min=1)


def alignment(
    network: Network, images: Tensor, labels: Tensor, epsilon: float, generator: Generator | None = None
) -> Tensor:
    """Mean cosine of the gradients of cross-entropy at the images and at a random point of their ball."""
    noisy = images + epsilon * draw(images, "uniform", generator)
    return aligned(*(ask(network, x, labels, cross_entropy).gradient for x in (images, noisy)))


def misaligned(
    network: Network,
    images: Tensor,
    labels: Tensor,
    known: Float[Tensor, "N 3 H W"],
    epsilon: float,
    generator: Generator | None = None,
) -> Tensor:
    """1 - alignment, to be added to a loss: differentiable in the weights. As in the authors' code only the gradient at
    the random point is differentiated; `known` is the other one, which the attack has taken already. Cross-entropy is
    averaged in theirs and summed here, which no cosine sees."""
    noisy = images + epsilon * draw(images, "uniform", generator)
    other = ask(network, noisy, labels, cross_entropy, keep_graph=True).gradient
    return 1 - aligned(known, other)
