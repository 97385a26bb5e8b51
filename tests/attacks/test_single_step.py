"""The single-step family against the authors' order of operations, and NoiseAug = N-FGSM bit for bit."""

import pytest
import torch
from torch import Tensor

from anatomy.attacks.objectives import cross_entropy
from anatomy.attacks.single_step import SingleStep, draw, fgsm, single_step

EPSILON = 16 / 255


def gradient_at(network, images: Tensor, labels: Tensor) -> Tensor:
    leaf = images.clone().requires_grad_()
    (found,) = torch.autograd.grad(cross_entropy(network(leaf), labels).mean(), leaf)
    return found


def fgsm_rs(network, x: Tensor, y: Tensor, noise: Tensor) -> Tensor:
    """In changes of the image, as locuslab/fast_adversarial has it: alpha = 1.25 epsilon."""
    delta = (EPSILON * noise).clamp(-x, 1 - x)
    delta = (delta + 1.25 * EPSILON * gradient_at(network, x + delta, y).sign()).clamp(-EPSILON, EPSILON)
    return x + delta.clamp(-x, 1 - x)


def n_fgsm(network, x: Tensor, y: Tensor, noise: Tensor) -> Tensor:
    """As pdejorge/N-FGSM has it: k = 2, and no way back into the ball."""
    delta = (2 * EPSILON * noise).clamp(-x, 1 - x)
    delta = delta + EPSILON * gradient_at(network, x + delta, y).sign()
    return (x + delta).clamp(0, 1)


def noise_aug(network, x: Tensor, y: Tensor, noise: Tensor) -> Tensor:
    """As the code of NoiseAug has it: the noisy image takes the image's place, then FGSM with alpha = 1.25."""
    x = (x + 2 * EPSILON * noise).clamp(0, 1)
    delta = (1.25 * EPSILON * gradient_at(network, x, y).sign()).clamp(-EPSILON, EPSILON)
    return (x + delta).clamp(0, 1)


OPTIONS = {
    fgsm_rs: SingleStep(epsilon=EPSILON, noise="start", k=1.0, alpha=1.25),
    n_fgsm: SingleStep(epsilon=EPSILON, noise="start", k=2.0, clip=False),
    noise_aug: SingleStep(epsilon=EPSILON, noise="image", k=2.0, alpha=1.25),
}


@pytest.mark.parametrize("oracle", OPTIONS, ids=lambda oracle: oracle.__name__)
def test_against_the_authors_order_of_operations(oracle, tools) -> None:
    network, images, labels = tools.smooth(), tools.images(), tools.labels()
    noise = draw(images, "uniform", tools.generator())
    found = single_step(network, images, labels, noise, OPTIONS[oracle])
    torch.testing.assert_close(found.images, oracle(network, images, labels, noise), rtol=0, atol=1e-15)
    asked = network(found.start)
    torch.testing.assert_close(found.asked.losses, cross_entropy(asked, labels))
    torch.testing.assert_close(found.asked.outputs, asked)


@pytest.mark.parametrize("k", [0.0, 0.5, 1.0, 2.0, 4.0])
def test_noise_aug_is_n_fgsm_bit_for_bit(k: float, tools) -> None:
    """Its step of 1.25 epsilon is cut to epsilon in every pixel that has a gradient: in float32 as in float64."""
    for dtype in (torch.float32, torch.float64):
        network, images = tools.smooth().to(dtype), tools.images(64).to(dtype)
        noise, labels = draw(images, "uniform", tools.generator()), tools.labels(64)
        one = SingleStep(epsilon=EPSILON, noise="image", k=k, alpha=1.25)
        other = SingleStep(epsilon=EPSILON, noise="start", k=k, alpha=1.0, clip=False)
        both = [single_step(network, images, labels, noise, options).images for options in (one, other)]
        assert torch.equal(*both)
        assert not torch.equal(both[0], images)


def test_noise_behind_the_attack_is_not_seen_by_it(tools) -> None:
    network, images, labels = tools.smooth(), tools.images(low=0.3, high=0.7), tools.labels()
    noise = draw(images, "normal", tools.generator())
    found = single_step(network, images, labels, noise, SingleStep(epsilon=0.02, noise="after", k=0.5))
    expected = fgsm(network, images, labels, 0.02) + 0.01 * noise
    torch.testing.assert_close(found.images, expected)
    assert torch.equal(found.start, images)


def test_without_noise_it_is_fgsm(tools) -> None:
    network, images, labels = tools.smooth(), tools.images(), tools.labels()
    expected = (images + EPSILON * gradient_at(network, images, labels).sign()).clamp(0, 1)
    torch.testing.assert_close(fgsm(network, images, labels, EPSILON), expected, rtol=0, atol=1e-15)


def test_noise_of_width_one(tools) -> None:
    """Uniform: within 1, variance 1/3; normal: variance 1. The standard error of a variance of 48,000 is 0.5 %."""
    like = torch.zeros(1000, 3, 4, 4)
    uniform, normal = (draw(like, kind, tools.generator()) for kind in ("uniform", "normal"))
    assert uniform.abs().max() <= 1
    assert uniform.var().item() == pytest.approx(1 / 3, rel=0.02)
    assert normal.var().item() == pytest.approx(1, rel=0.02)
    assert draw(like.double(), "uniform", None).dtype == torch.float64
