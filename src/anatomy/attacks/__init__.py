"""Attacks: images in [0, 1] in, images of the ball around them out, on which a network's loss is high.

An attack asks a `Network`: pixels in [0, 1] to logits or features, as a function. In which mode it answers is the
caller's: a measure asks `evaluated(encoder)`, in evaluation mode; a method that trains asks its encoder in training
mode, as the authors of all single-step methods do. Balls are those of the largest change of a pixel: epsilon is a share
of the whole range, 8/255 in most papers. No attack leaves a gradient on a weight.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from anatomy.hardware.device import eager

Network = Callable[[Tensor], Tensor]  # pixels [N, 3, H, W] in [0, 1] -> outputs [N, K]
Objective = Callable[[Tensor, Tensor], Tensor]  # outputs [N, K], labels [N] or features [N, K] -> [N], to be raised


class Asked(NamedTuple):
    """What a network said at some images."""

    outputs: Float[Tensor, "N K"]
    losses: Float[Tensor, " N"]
    gradient: Float[Tensor, "N 3 H W"]  # of each image's own loss, with respect to its pixels


def ask(network: Network, images: Tensor, target: Tensor, objective: Objective, *, keep_graph: bool = False) -> Asked:
    """Outputs, losses and their gradient in the pixels; all detached, unless the gradient is to be differentiated."""
    pixels = images.detach().requires_grad_()
    # Not compiled: a compiled graph cannot be differentiated twice, and would make the weights' gradients too.
    with torch.enable_grad(), eager():
        outputs = network(pixels)
        losses = objective(outputs, target)
        (gradient,) = torch.autograd.grad(losses.sum(), pixels, create_graph=keep_graph)
    return Asked(outputs.detach(), losses.detach(), gradient if keep_graph else gradient.detach())


def project(moved: Tensor, center: Tensor, epsilon: float) -> Tensor:
    """The nearest images to `moved` in the ball of `epsilon` around `center`, and in [0, 1]."""
    return moved.clamp(center - epsilon, center + epsilon).clamp(0, 1)


def normalized(pixels: Tensor) -> Tensor:
    """Pixels in [0, 1] as networks see them here (`augmentation.views`)."""
    return (pixels - 0.5) * 4


def pixels_of(views: Tensor) -> Tensor:
    """The pixels in [0, 1] of normalized views; without the clamp a rounding could leave the range."""
    return (views / 4 + 0.5).clamp(0, 1)


@contextmanager
def evaluated(encoder: nn.Module) -> Iterator[Network]:
    """An encoder as a network of pixels, in evaluation mode; the mode it was in comes back afterwards."""
    was, _ = encoder.training, encoder.eval()

    def network(pixels: Tensor) -> Tensor:
        outputs: Tensor = encoder(normalized(pixels))
        return outputs

    try:
        with eager():  # another batch size would be compiled anew for a few passes
            yield network
    finally:
        encoder.train(was)
