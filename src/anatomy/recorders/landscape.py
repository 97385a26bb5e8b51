"""Loss and gradient along the gradient, from one point: Santurkar et al. 2018, arXiv:1805.11604.

At some steps the weights are moved against the gradient of the step's own batch, by several distances, and put back.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy

from anatomy.hardware.device import eager
from anatomy.quantities import Count, Positive
from anatomy.recorders import Rows
from anatomy.step import Method, StepOutput


class Landscape:
    """Rows (step, distance, loss, change, smoothness): at the weights moved by `distance` along -g / ||g||.

    loss in nats; change = ||g(moved) - g||_2 over all weights; smoothness = change / distance, whose largest value over
    the distances is the effective beta-smoothness. Every `every`-th step, in float32 and training mode.
    """

    needs = ("view_1", "labels")

    def __init__(self, *, every: Count = 40, distances: tuple[Positive, ...] = (0.05, 0.1, 0.2, 0.4)) -> None:
        self.every, self.distances = every, distances
        self.rows = Rows(["step", "distance", "loss", "change", "smoothness"])

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        if step % self.every:
            return
        weights = {name: p.detach() for name, p in method.encoder.named_parameters()}
        _, start = loss_and_gradient(method.encoder, weights, output)
        length = norm(start.values())
        for distance in self.distances:
            moved = {name: p - distance / length * start[name] for name, p in weights.items()}
            loss, gradient = loss_and_gradient(method.encoder, moved, output)
            change = norm(gradient[name] - start[name] for name in start)
            numbers = [torch.full_like(change, n) for n in (step, distance)]
            self.rows.add(torch.stack([*numbers, loss.double(), change, change / distance])[None])


def loss_and_gradient(
    network: nn.Module, weights: dict[str, Tensor], output: StepOutput
) -> tuple[Tensor, dict[str, Tensor]]:
    """Cross-entropy in nats of the step's batch at these weights, and its gradient; the network stays as it is."""
    leaves = {name: p.clone().requires_grad_() for name, p in weights.items()}
    buffers = {name: b.clone() for name, b in network.named_buffers()}  # running statistics move in these copies
    images = output.watch["view_1"]
    cards = [images.device] if images.device.type == "cuda" else []
    with torch.enable_grad(), torch.random.fork_rng(cards), eager():
        z = functional_call(network, leaves | buffers, images)
        loss = cross_entropy(z, output.watch["labels"])
        gradient = torch.autograd.grad(loss, list(leaves.values()))
    return loss.detach(), dict(zip(leaves, gradient, strict=True))


def norm(tensors: Iterable[Tensor]) -> Tensor:
    """Length of several tensors as one vector."""
    return torch.stack([t.double().square().sum() for t in tensors]).sum().sqrt()
