"""DCLW: its weights by pencil, its value and its gradient, with weights detached and not."""

from functools import partial
from math import log

import pytest
import torch
from torch import Tensor

import reference
from anatomy.errors import InputError
from anatomy.losses.decoupled import decoupled
from anatomy.losses.decoupled_weighted import decoupled_weighted, positive_weight
from anatomy.runs.parts import check
from reference import array, assert_close


def similarities(generator: torch.Generator, n: int = 6, k: int = 5) -> tuple[Tensor, Tensor]:
    drawn = 2 * torch.rand(n, 1 + k, generator=generator, dtype=torch.float64) - 1
    return drawn[:, 0], drawn[:, 1:]


@pytest.mark.parametrize("detach", [True, False])
@pytest.mark.parametrize("sigma", [0.3, 0.5, 2.0])
def test_against_the_equation(sigma: float, detach: bool, generator: torch.Generator) -> None:
    p, n = similarities(generator)
    found = decoupled_weighted(p, n, temperature=0.2, sigma=sigma, detach_weights=detach)
    assert_close(found, reference.decoupled_weighted(array(p), array(n), 0.2, sigma))


def test_weights_by_hand() -> None:
    """sigma = 1 / log 3, positives 0 and 1: exponentials 1 and 3, mean 2, weights 3/2 and 1/2."""
    p = torch.tensor([0.0, 1.0], dtype=torch.float64)
    assert_close(positive_weight(p, 1 / 1.0986122886681098), [1.5, 0.5])


def test_weights_have_mean_one_and_fall_with_the_similarity(generator: torch.Generator) -> None:
    p, _ = similarities(generator, 64)
    w = positive_weight(p, 0.5)
    assert w.mean().item() == pytest.approx(1, rel=1e-12)
    assert (w[p.argsort()].diff() < 0).all()
    assert w.min() < 0  # a positive far nearer than the others is pushed


def test_the_gradient_in_closed_form(generator: torch.Generator) -> None:
    """Detached: DCL's, with the positive's times w."""
    p, n = (part.requires_grad_() for part in similarities(generator))
    decoupled_weighted(p, n, temperature=0.3).sum().backward()
    expected = reference.decoupled_gradient(array(p), array(n), 0.3)
    expected[:, 0] *= array(positive_weight(p, 0.5))
    assert_close(torch.cat((p.grad[:, None], n.grad), 1), expected)


@pytest.mark.parametrize("sigma", [0.3, 0.5, 2.0])
def test_the_gradient_through_the_weights_in_closed_form(sigma: float, generator: torch.Generator) -> None:
    """w = 2 - N q with q the softmax of s / sigma over the batch, so d w_j / d s_i = -N q_j [(i = j) - q_i] / sigma and
    T d / d s_i of the sum over anchors is -w_i + N q_i (s_i - mean) / sigma with the mean under q: where a positive is
    nearer than that, its weight falls as it comes nearer. Negatives have DCL's, as without."""
    p, n = (part.requires_grad_() for part in similarities(generator))
    decoupled_weighted(p, n, temperature=0.3, sigma=sigma, detach_weights=False).sum().backward()
    s = p.detach()
    q = (s / sigma).softmax(0)
    assert_close(p.grad, (-(2 - 6 * q) + 6 * q * (s - q @ s) / sigma) / 0.3)
    assert_close(n.grad, reference.decoupled_gradient(array(p), array(n), 0.3)[:, 1:])


def test_the_gradient_through_the_weights_by_hand() -> None:
    """sigma = 1 / log 3, positives 0 and 1: q = 1/4 and 3/4, w = 3/2 and 1/2, mean 3/4. At T = 1 the gradients are
    -3/2 - 3/8 log 3 and -1/2 + 3/8 log 3."""
    p, n = torch.tensor([0.0, 1.0], dtype=torch.float64).requires_grad_(), torch.zeros(2, 1, dtype=torch.float64)
    decoupled_weighted(p, n, temperature=1.0, sigma=1 / log(3), detach_weights=False).sum().backward()
    assert_close(p.grad, [-1.5 - 3 * log(3) / 8, -0.5 + 3 * log(3) / 8])


def test_the_weights_gradient_is_there_if_asked_for(generator: torch.Generator) -> None:
    """Finite differences agree with the value where the weights are not detached, and only there."""
    p, n = (part.requires_grad_() for part in similarities(generator, 3, 2))
    for detach, agrees in ((False, True), (True, False)):
        loss = partial(decoupled_weighted, temperature=0.3, detach_weights=detach)
        assert torch.autograd.gradcheck(loss, (p, n), raise_exception=False) is agrees


def test_one_image_is_the_decoupled_loss(generator: torch.Generator) -> None:
    p, n = similarities(generator, 1)
    assert_close(decoupled_weighted(p, n, temperature=0.1), decoupled(p, n, temperature=0.1))


@pytest.mark.parametrize("sigma", [0, -1, float("inf")])
def test_a_wrong_sigma(sigma: float) -> None:
    with pytest.raises(InputError, match=r"sigma is .*the default is 0.5"):
        check("loss", "decoupled_weighted", {"temperature": 0.1, "sigma": sigma})
