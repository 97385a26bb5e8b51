"""CACR with one and several positives: its equation, and the decoupled loss that it is in one case."""

from functools import partial
from math import log

import pytest
import torch
from torch import Tensor

import reference
from anatomy.errors import InputError
from anatomy.losses.cacr import cacr
from anatomy.losses.decoupled import decoupled
from anatomy.runs.parts import check
from reference import array, assert_close


def similarities(generator: torch.Generator, n: int = 6, k: int = 5) -> tuple[Tensor, Tensor]:
    drawn = 2 * torch.rand(n, 1 + k, generator=generator, dtype=torch.float64) - 1
    return drawn[:, 0], drawn[:, 1:]


def gradients(loss, positive: Tensor, negatives: Tensor, **options) -> Tensor:
    p, n = positive.clone().requires_grad_(), negatives.clone().requires_grad_()
    loss(p, n, **options).sum().backward()
    return torch.cat((p.grad[:, None], n.grad), 1)


@pytest.mark.parametrize("detach", [True, False])
@pytest.mark.parametrize("others", [0, 1, 3])
def test_against_the_equation(others: int, detach: bool, generator: torch.Generator) -> None:
    p, n = similarities(generator)
    _, more = similarities(generator, k=others)
    found = cacr(p, n, tau_positive=1.5, temperature=0.25, detach_weights=detach, more_positives=more)
    every = torch.cat([p[:, None], more], 1)
    assert_close(found, reference.cacr(array(every), array(n), 1.5, 2.0))


def test_by_hand() -> None:
    """tau = log(3) / 2, so exp(2 tau s) = 3^s. Positives 1 and 0 weigh 1/4 and 3/4, distances 0 and 2: 3/2. Negatives
    1 and 0 weigh 3/4 and 1/4: 1/2."""
    tau, both = log(3) / 2, torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    found = cacr(both[:, 0], both, tau_positive=tau, temperature=1 / (2 * tau), more_positives=both[:, 1:])
    assert_close(found, [1.0])


@pytest.mark.parametrize("tau", [0.9, 2.0, 5.0])
def test_with_one_positive_it_is_the_decoupled_loss(tau: float, generator: torch.Generator) -> None:
    """The gradient with detached weights is 2 T times DCL's at T = 1 / (2 tau)."""
    p, n = similarities(generator)
    t = 1 / (2 * tau)
    expected = 2 * t * gradients(decoupled, p, n, temperature=t)
    assert_close(gradients(cacr, p, n, temperature=t, detach_weights=True), expected)


def test_the_weights_gradient(generator: torch.Generator) -> None:
    """Not detached: 2 pi_j [1 + 2 tau (s_j - mean)], which an easy negative has below zero."""
    p, n = similarities(generator)
    found = gradients(cacr, p, n, temperature=0.25)[:, 1:]
    pi = (4 * n).softmax(1)
    mean = (pi * n).sum(1, keepdim=True)
    assert_close(found, 2 * pi * (1 + 4 * (n - mean)))
    assert (found < 0).any()


def test_finite_differences_agree_unless_weights_are_detached(generator: torch.Generator) -> None:
    p, n = (part.requires_grad_() for part in similarities(generator, 3, 4))
    _, more = similarities(generator, 3, 2)
    for detach, agrees in ((False, True), (True, False)):
        loss = partial(cacr, temperature=0.5, detach_weights=detach, more_positives=more)
        assert torch.autograd.gradcheck(loss, (p, n), raise_exception=False) is agrees


def test_a_farther_positive_pulls_harder(generator: torch.Generator) -> None:
    p, n = similarities(generator)
    more = (p - 0.5)[:, None].requires_grad_()
    p.requires_grad_()
    cacr(p, n, temperature=0.5, detach_weights=True, more_positives=more).sum().backward()
    assert_close(more.grad[:, 0] / p.grad, [2.718281828459045] * 6)  # exp(2 tau 0.5), tau = 1
    assert_close(p.grad + more.grad[:, 0], [-2.0] * 6)


@pytest.mark.parametrize(("option", "value"), [("tau_positive", -1), ("temperature", 0), ("detach_weights", "some")])
def test_a_wrong_option(option: str, value: object) -> None:
    with pytest.raises(InputError, match=f"{option} is "):
        check("loss", "cacr", {"temperature": 0.5, option: value})
