"""Gradient alignment: by hand, of a straight loss, and the gradient of its penalty."""

import pytest
import torch

from anatomy.attacks import ask
from anatomy.attacks.alignment import aligned, alignment, cosines, misaligned
from anatomy.attacks.objectives import cross_entropy
from anatomy.attacks.single_step import draw


def maps(*rows: list[float]) -> torch.Tensor:
    """[N, 3, 1, 1]"""
    return torch.tensor(rows, dtype=torch.float64)[:, :, None, None]


def test_by_hand() -> None:
    """Equal, opposite, at 60 degrees, and one without a direction, which does not count."""
    one = maps([1, 0, 0], [0, 2, 0], [1, 0, 0], [0, 0, 0])
    other = maps([5, 0, 0], [0, -1, 0], [0.5, 3**0.5 / 2, 0], [1, 0, 0])
    each, known = cosines(one, other)
    torch.testing.assert_close(each[:3], torch.tensor([1, -1, 0.5]).double())
    assert known.tolist() == [True, True, True, False]
    assert aligned(one, other).item() == pytest.approx(0.5 / 3)
    assert aligned(one[3:], other[3:]) == 0


def test_a_logistic_model_is_straight(tools) -> None:
    network, images = tools.binary(), tools.images()
    found = alignment(network, images, tools.labels(classes=2), 0.2, tools.generator())
    assert found.item() == pytest.approx(1, abs=1e-12)


def test_a_bent_loss_is_not(tools) -> None:
    class Waves(torch.nn.Module):
        def forward(self, pixels: torch.Tensor) -> torch.Tensor:
            height = (200 * pixels).sin().sum((1, 2, 3))
            return torch.stack([torch.zeros_like(height), height], 1)

    found = alignment(Waves(), tools.images(), tools.labels(classes=2), 0.1, tools.generator())
    assert abs(found.item()) < 0.3


def test_the_penalty_and_its_gradient_against_plain_torch(tools) -> None:
    """1 - mean cos, differentiated through the gradient at the random point alone."""
    network, images, labels = tools.smooth(), tools.images(), tools.labels()
    known = ask(network, images, labels, cross_entropy).gradient
    found = misaligned(network, images, labels, known, 0.2, tools.generator())
    noisy = (images + 0.2 * draw(images, "uniform", tools.generator())).requires_grad_()
    (at_noisy,) = torch.autograd.grad(cross_entropy(network(noisy), labels).mean(), noisy, create_graph=True)
    expected = 1 - torch.cosine_similarity(known.flatten(1), at_noisy.flatten(1), eps=0).mean()
    torch.testing.assert_close(found, expected)
    weights = list(network.parameters())[:3]  # the last bias moves no gradient of a pixel but through the softmax
    both = [torch.autograd.grad(value, weights, retain_graph=True) for value in (found, expected)]
    for one, other in zip(*both, strict=True):
        torch.testing.assert_close(one, other)
        assert one.abs().sum() > 0
    assert found.item() == pytest.approx(1 - alignment(network, images, labels, 0.2, tools.generator()).item())


def test_an_image_without_gradient_gives_no_nan(tools) -> None:
    network, images, labels = tools.smooth(), tools.images(), tools.labels()
    known = ask(network, images, labels, cross_entropy).gradient
    known[0] = 0
    found = misaligned(network, images, labels, known, 0.2, tools.generator())
    found.backward()
    assert all(weight.grad.isfinite().all() for weight in network.parameters() if weight.grad is not None)
