"""DCLW: its weights by pencil, its value and its gradient, with weights detached and not."""

from functools import partial

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
