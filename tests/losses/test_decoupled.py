"""The decoupled loss and hardness against their equations and by pencil."""

from math import inf, log, log1p

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

import reference
from anatomy.losses.decoupled import decoupled, hardness
from anatomy.similarity import in_batch
from reference import array, assert_close

TEMPERATURES = [0.01, 0.07, 0.5, 1.0, 100.0]


def similarities(generator: torch.Generator, n: int = 6, k: int = 5) -> tuple[Tensor, Tensor]:
    """Positive [n] and negative [n, k] similarities, uniform in [-1, 1], float64."""
    drawn = 2 * torch.rand(n, 1 + k, generator=generator, dtype=torch.float64) - 1
    return drawn[:, 0], drawn[:, 1:]


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_against_the_equation(temperature: float, generator: torch.Generator) -> None:
    p, n = similarities(generator)
    found = decoupled(p, n, temperature=temperature)
    assert_close(found, reference.decoupled(array(p), array(n), temperature))


def test_against_cross_entropy(generator: torch.Generator) -> None:
    """The second oracle: cross-entropy is DCL plus log of (positive + negatives over negatives)."""
    p, n = similarities(generator)
    target = torch.zeros(len(p), dtype=torch.int64)
    full = cross_entropy(torch.cat((p[:, None], n), 1) / 0.2, target, reduction="none")
    left_out = ((p / 0.2).exp() + (n / 0.2).exp().sum(1)).log() - (n / 0.2).exp().sum(1).log()
    assert_close(decoupled(p, n, temperature=0.2), full - left_out)


def test_by_hand_on_the_circle() -> None:
    """Anchors at 0 and 90 degrees, positives at 60 and 90; T = 1/2; each has the other's as negative.

    K = 1, so the loss is (negative - positive) / T: (0 - 1/2) * 2 = -1 and (sqrt(3)/2 - 1) * 2.
    """
    third = 3**0.5 / 2
    z1 = torch.tensor([[1, 0], [0, 1]], dtype=torch.float64)
    z2 = torch.tensor([[0.5, third], [0, 1]], dtype=torch.float64)
    assert_close(decoupled(*in_batch(z1, z2), temperature=0.5), [-1.0, 3**0.5 - 2])


def test_three_negatives_by_hand() -> None:
    """Positive 0, negatives T log 1, T log 2, T log 3: the loss is log(1 + 2 + 3), W = 6 / 7."""
    t = 0.2
    n = t * torch.tensor([[log(1), log(2), log(3)]], dtype=torch.float64)
    p = torch.zeros(1, dtype=torch.float64)
    assert_close(decoupled(p, n, temperature=t), [log(6)])
    assert_close(hardness(p, n, temperature=t), [6 / 7])


@pytest.mark.parametrize("temperature", [0.05, 0.2, 5.0])
def test_the_gradient_in_closed_form(temperature: float, generator: torch.Generator) -> None:
    """d/d positive = -1 / T for every anchor, d/d negative_j = phat_j / T; their sum is zero."""
    p, n = (part.requires_grad_() for part in similarities(generator))
    decoupled(p, n, temperature=temperature).sum().backward()
    found = torch.cat((p.grad[:, None], n.grad), 1)
    assert_close(found, reference.decoupled_gradient(array(p), array(n), temperature))
    assert_close(n.grad.sum(1), -p.grad)


def test_the_gradient_is_that_of_finite_differences(generator: torch.Generator) -> None:
    p, n = (part.requires_grad_() for part in similarities(generator, 3, 4))
    assert torch.autograd.gradcheck(lambda p, n: decoupled(p, n, temperature=0.3), (p, n))


# --- hardness


@pytest.mark.parametrize("temperature", [*TEMPERATURES, inf])
def test_hardness_against_the_equation(temperature: float, generator: torch.Generator) -> None:
    p, n = similarities(generator)
    found = hardness(p, n, temperature=temperature)
    assert_close(found, reference.hardness(array(p), array(n), temperature))


def test_hardness_is_one_minus_the_positives_softmax(generator: torch.Generator) -> None:
    p, n = similarities(generator)
    softmax = (torch.cat((p[:, None], n), 1) / 0.5).softmax(1)
    assert_close(hardness(p, n, temperature=0.5), 1 - softmax[:, 0])


def test_hardness_is_detached(generator: torch.Generator) -> None:
    p, n = (part.requires_grad_() for part in similarities(generator))
    assert not hardness(p, n, temperature=0.5).requires_grad


def test_hardness_keeps_its_digits_in_float32(generator: torch.Generator) -> None:
    """1 - p would have none: at T = 0.02 W is 1e-20, far below float32's 6e-8 under 1."""
    p, n = torch.full((4,), 0.99), 0.15 * torch.randn(4, 255, generator=generator)
    expected = reference.hardness(array(p), array(n), 0.02)
    ratio = array(hardness(p, n, temperature=0.02)) / expected
    assert abs(ratio - 1).max() < 2e-3
    assert 0 < expected.max() < 6e-8


@pytest.mark.parametrize("k", [1, 15, 255])
def test_an_infinite_temperature_makes_anchors_equal(k: int, generator: torch.Generator) -> None:
    p, n = similarities(generator, 4, k)
    assert_close(hardness(p, n, temperature=inf), [k / (k + 1)] * 4)


@pytest.mark.parametrize("k", [1, 2, 255])
def test_all_equal_leaves_the_number_of_negatives(k: int) -> None:
    z = torch.ones(3, dtype=torch.float64)
    n = z[:, None].expand(3, k)
    assert_close(decoupled(z, n, temperature=0.1), [log(k)] * 3)
    assert_close(hardness(z, n, temperature=0.1), [k / (k + 1)] * 3)
    assert log1p(k) > log(k)  # InfoNCE's choices are one more
