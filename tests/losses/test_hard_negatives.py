"""Hard negatives: the authors' formula, its gradient, and the losses that it is at the ends of its options."""

from functools import partial
from math import exp, log

import pytest
import torch
from torch import Tensor

import reference
from anatomy.errors import InputError
from anatomy.losses.debiased import debiased
from anatomy.losses.hard_negatives import hard_negatives
from anatomy.losses.info_nce import info_nce
from anatomy.runs.parts import check
from reference import array, assert_close


def similarities(generator: torch.Generator, n: int = 6, k: int = 5) -> tuple[Tensor, Tensor]:
    drawn = 2 * torch.rand(n, 1 + k, generator=generator, dtype=torch.float64) - 1
    return drawn[:, 0], drawn[:, 1:]


def gradients(loss, positive: Tensor, negatives: Tensor, **options) -> Tensor:
    p, n = positive.clone().requires_grad_(), negatives.clone().requires_grad_()
    loss(p, n, **options).sum().backward()
    return torch.cat((p.grad[:, None], n.grad), 1)


@pytest.mark.parametrize("tau_plus", [0.0, 0.1])
@pytest.mark.parametrize("beta", [0.0, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("temperature", [0.1, 0.5])
def test_against_the_equation(temperature: float, beta: float, tau_plus: float, generator: torch.Generator) -> None:
    p, n = similarities(generator, 40)
    found = hard_negatives(p, n, temperature=temperature, beta=beta, tau_plus=tau_plus)
    assert_close(found, reference.debiased(array(p), array(n), temperature, beta, tau_plus))


def test_by_hand() -> None:
    """T = 1, s+ = 0, s_j = 0 and log 3, beta = 1: weights 1 and 3 over their mean 2, S = 1/2 + 9/2 = 5, loss log 6."""
    n = torch.tensor([[0, log(3)]], dtype=torch.float64)
    p = torch.zeros(1, dtype=torch.float64)
    assert_close(hard_negatives(p, n, temperature=1.0, beta=1.0, tau_plus=0.0), [log(6)])


def test_the_gradient_in_closed_form(generator: torch.Generator) -> None:
    """W / T for the positive; W / T [(1 + beta) q_j - beta r_j] for a negative, with softmaxes q at T / (1 + beta) and
    r at T / beta: for easy negatives this falls below zero."""
    p, n = similarities(generator)
    found = gradients(hard_negatives, p, n, temperature=0.5, beta=2.0, tau_plus=0.0)
    w = 1 - torch.exp(-hard_negatives(p, n, temperature=0.5, beta=2.0, tau_plus=0.0))
    q, r = (3 * n / 0.5).softmax(1), (2 * n / 0.5).softmax(1)
    assert_close(found, torch.cat([-w[:, None], w[:, None] * (3 * q - 2 * r)], 1) / 0.5)
    assert (found[:, 1:] < 0).any()


@pytest.mark.parametrize("beta", [0.0, 0.5, 2.0])
def test_the_debiased_gradient_in_closed_form(beta: float, generator: torch.Generator) -> None:
    """Above the floor g = (S - tau K e+) / (1 - tau), and T d log S / d s_j = (1 + beta) q_j - beta r_j as above; so a
    negative has W / T times that with W = S / (1 - tau) / (e+ + g), and the positive, which is taken out of g too,
    -W / T."""
    p, n = similarities(generator)
    p, t, tau = p - 1, 0.5, 0.1
    found = gradients(hard_negatives, p, n, temperature=t, beta=beta, tau_plus=tau)
    own, q, r = (p / t).exp(), ((1 + beta) * n / t).softmax(1), (beta * n / t).softmax(1)
    total = 5 * (r * (n / t).exp()).sum(1)
    g = (total - tau * 5 * own) / (1 - tau)
    assert (g > 5 * exp(-1 / t)).all()
    w = (total / (1 - tau) / (own + g))[:, None]
    assert_close(found, torch.cat([-w, w * ((1 + beta) * q - beta * r)], 1) / t)
    assert (found[:, 1:] < 0).any() == (beta > 0)


@pytest.mark.parametrize("beta", [0.0, 0.5, 2.0])
def test_the_gradient_at_the_floor_in_closed_form(beta: float, generator: torch.Generator) -> None:
    """There g = K exp(-1 / T), which no similarity moves: no push, and a pull of g / (e+ + g) / T."""
    p, n, t = torch.linspace(0.5, 1, 6).double(), similarities(generator)[1] - 1, 0.5
    loss = partial(hard_negatives, temperature=t, beta=beta, tau_plus=0.3)
    found, own, g = gradients(loss, p, n), (p / t).exp(), 5 * exp(-1 / t)
    assert_close(loss(p, n), (1 + g / own).log())
    assert_close(found[:, 0], -g / (own + g) / t)
    assert (found[:, 1:] == 0).all()
    assert torch.autograd.gradcheck(loss, (p.requires_grad_(), n.requires_grad_()))


def test_the_gradient_is_that_of_finite_differences(generator: torch.Generator) -> None:
    p, n = (part.requires_grad_() for part in similarities(generator, 4, 6))
    assert torch.autograd.gradcheck(partial(hard_negatives, temperature=0.5, tau_plus=0.05), (p, n))


@pytest.mark.parametrize("temperature", [0.05, 0.2, 1.0])
def test_without_hardness_and_correction_it_is_info_nce(temperature: float, generator: torch.Generator) -> None:
    p, n = similarities(generator)
    plain = {"temperature": temperature, "beta": 0.0, "tau_plus": 0.0}
    assert_close(hard_negatives(p, n, **plain), info_nce(p, n, temperature=temperature))
    expected = gradients(info_nce, p, n, temperature=temperature)
    assert_close(gradients(hard_negatives, p, n, **plain), expected)


def test_without_hardness_it_is_the_debiased_loss(generator: torch.Generator) -> None:
    p, n = similarities(generator)
    both = {"temperature": 0.3, "tau_plus": 0.2}
    assert_close(gradients(hard_negatives, p, n, beta=0.0, **both), gradients(debiased, p, n, **both))


@pytest.mark.parametrize("beta", [-0.5, float("inf"), "hard"])
def test_a_wrong_beta(beta: object) -> None:
    with pytest.raises(InputError, match=r"beta is .*the default is 1.0"):
        check("loss", "hard_negatives", {"temperature": 0.1, "beta": beta})
