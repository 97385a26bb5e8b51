"""Many steps: against plain loops; of several starts the worst; momentum."""

import torch
from torch import Tensor, nn

from anatomy.attacks import ask
from anatomy.attacks.objectives import cross_entropy, margin
from anatomy.attacks.pgd import Steps, pgd
from anatomy.attacks.single_step import fgsm


def gradient_at(network, images: Tensor, labels: Tensor) -> Tensor:
    leaf = images.clone().requires_grad_()
    (found,) = torch.autograd.grad(cross_entropy(network(leaf), labels).sum(), leaf)
    return found


def test_against_loops(tools) -> None:
    """x <- clip(x + step sign g), in the ball and in [0, 1], from a uniform start."""
    network, images, labels = tools.smooth(), tools.images(), tools.labels()
    noise = 2 * torch.rand(images.shape, generator=tools.generator()) - 1
    expected = (images + 0.1 * noise).clamp(0, 1)
    for _ in range(7):
        moved = expected + 0.03 * gradient_at(network, expected, labels).sign()
        expected = torch.min(torch.max(moved, images - 0.1), images + 0.1).clamp(0, 1)
    found = pgd(network, images, labels, Steps(epsilon=0.1, step=0.03, steps=7), tools.generator())
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-15)


def test_one_step_without_a_random_start_is_fgsm(tools) -> None:
    network, images, labels = tools.smooth(), tools.images(), tools.labels()
    found = pgd(network, images, labels, Steps(epsilon=0.1, step=0.1, steps=1, random_start=False))
    assert torch.equal(found, fgsm(network, images, labels, 0.1))


def test_momentum_against_loops(tools) -> None:
    """MI-FGSM: the sum of directions, each divided by its own 1-norm, here with a kept share of 0.5."""
    network, images, labels = tools.smooth(), tools.images(), tools.labels()
    expected, direction = images, torch.zeros_like(images)
    for _ in range(6):
        gradient = gradient_at(network, expected, labels)
        direction = 0.5 * direction + gradient / gradient.abs().sum((1, 2, 3), keepdim=True)
        moved = expected + 0.04 * direction.sign()
        expected = torch.min(torch.max(moved, images - 0.1), images + 0.1).clamp(0, 1)
    steps = Steps(epsilon=0.1, step=0.04, steps=6, random_start=False, momentum=0.5)
    found = pgd(network, images, labels, steps)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-15)
    assert not torch.equal(found, pgd(network, images, labels, Steps(
        epsilon=0.1, step=0.04, steps=6, random_start=False)))  # fmt: skip


class Waves(nn.Module):
    """Two logits whose difference has many hills, so that what a start reaches depends on the start."""

    def forward(self, pixels: Tensor) -> Tensor:
        height = (40 * pixels).sin().sum((1, 2, 3))
        return torch.stack([torch.zeros_like(height), height], 1)


def test_of_several_starts_each_image_keeps_its_worst(tools) -> None:
    network, images, labels = Waves(), tools.images(8), torch.zeros(8, dtype=torch.int64)
    one = Steps(epsilon=0.2, step=0.02, steps=3)
    generator = tools.generator()
    singles = torch.stack([cross_entropy(network(pgd(network, images, labels, one, generator)), labels)
                           for _ in range(4)])  # fmt: skip
    several = Steps(epsilon=0.2, step=0.02, steps=3, restarts=4)
    kept = cross_entropy(network(pgd(network, images, labels, several, tools.generator())), labels)
    torch.testing.assert_close(kept, singles.amax(0), rtol=0, atol=0)
    assert len(set(singles.argmax(0).tolist())) > 1  # no single start was the worst for all images


class Certain(nn.Module):
    """Three logits: by pixel 0 the network is fooled with a low loss, or right with a high one."""

    def forward(self, pixels: Tensor) -> Tensor:
        fooled = pixels[:, 0, 0, 0] > 0.5
        rows = torch.tensor([[1.0, 0.999, 0.999], [1.0, 1.1, -9.0]])
        return rows[fooled.long()] + 0 * pixels.sum((1, 2, 3))[:, None]


def test_a_start_that_fools_is_not_given_up_for_a_higher_loss(tools) -> None:
    """Cross-entropy is log 3 where the network is barely right, and 0.74 where it is wrong between two."""
    network, images, labels = Certain(), torch.full((20, 3, 4, 4), 0.5), torch.zeros(20, dtype=torch.int64)
    steps = Steps(epsilon=0.1, step=0.0, steps=1, restarts=6)
    by_loss = pgd(network, images, labels, steps, tools.generator())
    by_margin = pgd(network, images, labels, steps, tools.generator(), worst=margin)
    fooled = [(margin(network(found), labels) > 0).float().mean().item() for found in (by_loss, by_margin)]
    assert fooled[0] < 0.2  # in 1 of 64 all six starts fool, else the higher loss is kept
    assert fooled[1] > 0.9


def test_a_gradient_can_be_differentiated_again(tools) -> None:
    network, images, labels = tools.smooth(), tools.images(), tools.labels()
    asked = ask(network, images, labels, cross_entropy, keep_graph=True)
    asked.gradient.square().sum().backward()
    assert all(weight.grad is not None for weight in network[1].parameters())
    assert not ask(network, images, labels, cross_entropy).gradient.requires_grad
