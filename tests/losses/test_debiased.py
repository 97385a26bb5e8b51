"""The debiased loss: its equation, its floor, and what it is at the ends of tau+."""

from functools import partial
from math import exp, log

import pytest
import torch
from torch import Tensor

import reference
from anatomy.errors import InputError
from anatomy.losses.debiased import debiased
from anatomy.losses.info_nce import info_nce
from anatomy.runs.parts import check
from anatomy.similarity import Against, unit
from reference import array, assert_close


def similarities(generator: torch.Generator, n: int = 6, k: int = 5) -> tuple[Tensor, Tensor]:
    drawn = 2 * torch.rand(n, 1 + k, generator=generator, dtype=torch.float64) - 1
    return drawn[:, 0], drawn[:, 1:]


@pytest.mark.parametrize("tau_plus", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("temperature", [0.07, 0.5, 2.0])
def test_against_the_equation(temperature: float, tau_plus: float, generator: torch.Generator) -> None:
    """Uniform similarities: with some anchors the floor decides."""
    p, n = similarities(generator, 40)
    found = debiased(p, n, temperature=temperature, tau_plus=tau_plus)
    assert_close(found, reference.debiased(array(p), array(n), temperature, 0, tau_plus))


def test_by_hand() -> None:
    """T = 1, s+ = log 2, s_j = log 3 and log 5, tau+ = 1/4: g = (8 - 1/4 * 2 * 2) / (3/4) = 28/3, -log 2 / (34/3)."""
    p = torch.tensor([log(2)], dtype=torch.float64)
    n = torch.tensor([[log(3), log(5)]], dtype=torch.float64)
    assert_close(debiased(p, n, temperature=1.0, tau_plus=0.25), [log(17 / 3)])


def test_the_floor_by_hand() -> None:
    """s+ = 1, one negative at -1, T = 1/2, tau+ = 1/2: 2 e^-2 - e^2 < 0, so g = e^-2 and the loss log(1 + e^-4)."""
    p, n = torch.ones(1, dtype=torch.float64), -torch.ones(1, 1, dtype=torch.float64)
    p.requires_grad_()
    n.requires_grad_()
    loss = debiased(p, n, temperature=0.5, tau_plus=0.5)
    assert_close(loss, [log(1 + exp(-4))])
    loss.sum().backward()
    assert n.grad.item() == 0  # no gradient through the floor
    assert p.grad.item() == pytest.approx(-2 * exp(-4) / (1 + exp(-4)), rel=1e-10)


def test_the_gradient_is_that_of_finite_differences(generator: torch.Generator) -> None:
    p, n = (part.requires_grad_() for part in similarities(generator, 4, 6))
    assert torch.autograd.gradcheck(partial(debiased, temperature=0.5, tau_plus=0.05), (p, n))


def test_the_gradient_in_closed_form(generator: torch.Generator) -> None:
    """With g above its floor and G = e+ + g: d/d s_j = e_j / (1 - tau) / G / T, and the sum over an anchor is zero."""
    p, n = similarities(generator)
    p = (p - 1).requires_grad_()
    n.requires_grad_()
    debiased(p, n, temperature=0.5, tau_plus=0.1).sum().backward()
    e, own = (n / 0.5).exp(), (p / 0.5).exp()
    g = (e.sum(1) - 0.1 * 5 * own) / 0.9
    assert (g > 5 * exp(-2)).all()
    assert_close(n.grad, e / 0.9 / (own + g)[:, None] / 0.5)
    assert_close(p.grad, -n.grad.sum(1))


def test_nothing_taken_out_is_info_nce(generator: torch.Generator) -> None:
    p, n = similarities(generator)
    assert_close(debiased(p, n, temperature=0.2, tau_plus=0.0), info_nce(p, n, temperature=0.2))


def test_a_key_that_is_left_out_is_not_counted(generator: torch.Generator) -> None:
    z, keys = (unit(torch.randn(n, 3, generator=generator, dtype=torch.float64)) for n in (3, 5))
    p, which = torch.zeros(3, dtype=torch.float64), (torch.tensor([0, 1, 2]), torch.tensor([0, 1, 2, 3, 4]))
    rows = [torch.cat([row[:i], row[i + 1 :]]) for i, row in enumerate(z @ keys.T)]
    expected = reference.debiased(array(p), array(torch.stack(rows)), 0.5, 0, 0.1)
    assert_close(debiased(p, Against(z, keys, which), temperature=0.5), expected)


@pytest.mark.parametrize("tau_plus", [-0.1, 1, 1.5, float("nan")])
@pytest.mark.parametrize("name", ["debiased", "hard_negatives"])
def test_a_wrong_share(name: str, tau_plus: float) -> None:
    with pytest.raises(InputError, match=r"tau_plus is .*the default is 0.1"):
        check("loss", name, {"temperature": 0.1, "tau_plus": tau_plus})
