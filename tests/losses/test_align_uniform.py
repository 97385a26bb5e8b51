"""Alignment and uniformity: the batch's two numbers, by loops and by pencil, and what an anchor weighs."""

from functools import partial
from math import exp, log

import pytest
import torch
from torch import Tensor

import reference
from anatomy.errors import InputError
from anatomy.losses.align_uniform import align_uniform
from anatomy.runs.parts import check
from anatomy.similarity import in_batch
from reference import array, assert_close


def similarities(generator: torch.Generator, n: int = 6, k: int = 5) -> tuple[Tensor, Tensor]:
    drawn = 2 * torch.rand(n, 1 + k, generator=generator, dtype=torch.float64) - 1
    return drawn[:, 0], drawn[:, 1:]


@pytest.mark.parametrize(("t", "weight"), [(2.0, 1.0), (0.5, 3.0), (10.0, 0.25), (2.0, 0.0)])
def test_the_mean_against_the_equation(t: float, weight: float, generator: torch.Generator) -> None:
    p, n = similarities(generator)
    found = align_uniform(p, n, temperature=1 / (2 * t), weight=weight).mean()
    assert_close(found, reference.align_uniform(array(p), array(n), t, weight))


def test_by_hand_on_the_circle() -> None:
    """Anchors at 0 and 90 degrees, positives at 60 and 90. Alignment 1 and 0; the negatives' squared distances are 2
    and 2 - sqrt 3."""
    third = 3**0.5 / 2
    z1 = torch.tensor([[1, 0], [0, 1]], dtype=torch.float64)
    z2 = torch.tensor([[0.5, third], [0, 1]], dtype=torch.float64)
    uniform = log((exp(-4) + exp(-2 * (2 - 3**0.5))) / 2)
    assert_close(align_uniform(*in_batch(z1, z2), temperature=0.25), [1 + uniform, uniform])


def test_the_gradient_in_closed_form(generator: torch.Generator) -> None:
    """Of the mean: -2 / N for a positive, 2 t times the pair's share in all N K pairs for a negative."""
    p, n = (part.requires_grad_() for part in similarities(generator))
    align_uniform(p, n, temperature=1 / 6, weight=0.5).mean().backward()
    assert_close(p.grad, [-2 / 6] * 6)
    assert_close(n.grad, 0.5 * 6.0 * (6.0 * n).flatten().softmax(0).view_as(n))


def test_an_anchor_amid_near_negatives_weighs_more() -> None:
    n = torch.tensor([[0.9, 0.8], [-0.5, -0.6]], dtype=torch.float64).requires_grad_()
    align_uniform(torch.zeros(2, dtype=torch.float64), n, temperature=0.25).mean().backward()
    assert n.grad.sum(1)[0] > 100 * n.grad.sum(1)[1]


def test_the_gradient_is_that_of_finite_differences(generator: torch.Generator) -> None:
    p, n = (part.requires_grad_() for part in similarities(generator, 3, 4))
    assert torch.autograd.gradcheck(partial(align_uniform, temperature=1 / 3, weight=2.0), (p, n))


@pytest.mark.parametrize(("option", "value"), [("temperature", 0), ("weight", -1)])
def test_a_wrong_option(option: str, value: float) -> None:
    with pytest.raises(InputError, match=f"{option} is "):
        check("loss", "align_uniform", {"temperature": 0.25, option: value})
