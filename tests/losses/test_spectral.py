"""The spectral loss: its equation, its gradient, and that it is the second order of the decoupled loss."""

from math import log

import pytest
import torch
from torch import Tensor

import reference
from anatomy.errors import InputError
from anatomy.losses.decoupled import decoupled
from anatomy.losses.spectral import spectral
from anatomy.runs.parts import check
from anatomy.similarity import Against, unit
from reference import array, assert_close


def similarities(generator: torch.Generator, n: int = 6, k: int = 5) -> tuple[Tensor, Tensor]:
    drawn = 2 * torch.rand(n, 1 + k, generator=generator, dtype=torch.float64) - 1
    return drawn[:, 0], drawn[:, 1:]


@pytest.mark.parametrize("mu", [0.5, 1.0, 10.0])
def test_against_the_equation(mu: float, generator: torch.Generator) -> None:
    p, n = similarities(generator)
    assert_close(spectral(p, n, mu=mu), reference.spectral(array(p), array(n), mu))


def test_by_hand() -> None:
    """mu = 2, s+ = 1/2, s_j = 1 and 0: -2 + 4 (1 + 0) / 2 = 0."""
    n = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    assert_close(spectral(torch.tensor([0.5], dtype=torch.float64), n, mu=2.0), [0.0])


def test_the_gradient_in_closed_form(generator: torch.Generator) -> None:
    """-2 mu for a positive; 2 mu^2 s_j / K for a negative: one beyond a right angle is drawn back to it."""
    p, n = (part.requires_grad_() for part in similarities(generator))
    spectral(p, n, mu=3.0).sum().backward()
    assert_close(p.grad, [-6.0] * 6)
    assert_close(n.grad, 18 * n / 5)


@pytest.mark.parametrize("mean", [0.0, 0.3])
def test_it_is_the_second_order_of_the_decoupled_loss(mean: float, generator: torch.Generator) -> None:
    """2 DCL(T) - 2 log K = spectral(1 / T) + 2 m / T - m^2 / T^2 + O(1 / T^3), m the mean of the negatives."""
    p, n = similarities(generator, 4, 50)
    n = n - n.mean(1, keepdim=True) + mean

    def rest(t: float) -> Tensor:
        left = 2 * decoupled(p, n, temperature=t) - 2 * log(50)
        return left - spectral(p, n, mu=1 / t) - 2 * mean / t + mean**2 / t**2

    third_moment = ((n - mean) ** 3).mean(1)  # the next cumulant, over 3 T^3
    torch.testing.assert_close(rest(100.0) * 100.0**3, third_moment / 3, rtol=0, atol=1e-2)
    assert (rest(20.0).abs() < 2 * 20.0**-3).all()


def test_a_key_that_is_left_out_is_not_counted(generator: torch.Generator) -> None:
    z, keys = (unit(torch.randn(n, 3, generator=generator, dtype=torch.float64)) for n in (3, 5))
    p, which = torch.zeros(3, dtype=torch.float64), (torch.tensor([0, 1, 2]), torch.tensor([0, 1, 2, 3, 4]))
    rows = [torch.cat([row[:i], row[i + 1 :]]) for i, row in enumerate(z @ keys.T)]
    expected = reference.spectral(array(p), array(torch.stack(rows)), 1.0)
    assert_close(spectral(p, Against(z, keys, which)), expected)


@pytest.mark.parametrize("mu", [0, -1])
def test_a_wrong_length(mu: float) -> None:
    with pytest.raises(InputError, match=r"mu is .*the default is 1.0"):
        check("loss", "spectral", {"mu": mu})
