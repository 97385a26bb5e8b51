"""CACR with one and several positives: its equation, and the decoupled loss that it is in one case."""

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


@pytest.mark.parametrize("tau", [0.5, 1.5, 5.0])
@pytest.mark.parametrize("others", [0, 1, 3])
def test_the_gradient_of_several_positives_in_closed_form(others: int, tau: float, generator: torch.Generator) -> None:
    """Attraction is -2 sum_m pi_m s_m with pi the softmax of -2 tau s, so d pi_m / d s_k = -2 tau pi_m [(m = k) - pi_k]
    and d / d s_k = -2 pi_k [1 - 2 tau (s_k - mean)]. With all positives together this is -2, as with one."""
    p, n = similarities(generator)
    _, more = (part.requires_grad_() for part in similarities(generator, k=others))
    p.requires_grad_()
    cacr(p, n, temperature=0.5, tau_positive=tau, more_positives=more).sum().backward()
    every = torch.cat([p[:, None], more], 1).detach()
    pi = (-2 * tau * every).softmax(1)
    mean = (pi * every).sum(1, keepdim=True)
    found = torch.cat([p.grad[:, None], more.grad], 1)
    assert_close(found, -2 * pi * (1 - 2 * tau * (every - mean)))
    assert_close(found.sum(1), [-2.0] * 6)


def test_a_positive_far_nearer_than_the_rest_is_pushed() -> None:
    """tau = log 3, positives 1 and 0 of weights 1/10 and 9/10, mean 1/10: -1/5 (1 - 9/5 log 3), which is above 0, and
    -9/5 (1 + 1/5 log 3). With weights detached, -1/5 and -9/5."""
    n, through = torch.zeros(1, 1, dtype=torch.float64), 0.36 * log(3)
    for detach, expected in ((False, [-0.2 + through, -1.8 - through]), (True, [-0.2, -1.8])):
        p, more = (torch.tensor(s, dtype=torch.float64).requires_grad_() for s in ([1.0], [[0.0]]))
        cacr(p, n, temperature=0.5, tau_positive=log(3), detach_weights=detach, more_positives=more).sum().backward()
        assert_close([p.grad.item(), more.grad.item()], expected)


def test_finite_differences_agree_unless_weights_are_detached(generator: torch.Generator) -> None:
    p, n = (part.requires_grad_() for part in similarities(generator, 3, 4))
    _, more = (part.requires_grad_() for part in similarities(generator, 3, 2))
    for detach, agrees in ((False, True), (True, False)):

        def loss(p: Tensor, n: Tensor, more: Tensor, detach: bool = detach) -> Tensor:
            return cacr(p, n, temperature=0.5, detach_weights=detach, more_positives=more)

        assert torch.autograd.gradcheck(loss, (p, n, more), raise_exception=False) is agrees


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
