"""Dual temperature: its gradient against the published ratio, and the identities that tie it to others.

gradcheck refuses a loss with a detached weight, and rightly so: its value does not have that
gradient. So the gradient is compared with closed forms.
"""

from functools import partial
from math import inf

import pytest
import torch
from torch import Tensor

import reference
from anatomy.losses.decoupled import decoupled
from anatomy.losses.dual_temperature import dual_temperature
from anatomy.losses.info_nce import info_nce
from anatomy.similarity import Against, in_batch, log_sum_exp, unit
from reference import array, assert_close

PAIRS = [(0.1, 1.0), (0.1, 0.1), (0.5, 0.07), (0.05, inf), (0.05, 2.0), (1.0, 10.0)]


def similarities(generator: torch.Generator, n: int = 6, k: int = 5) -> tuple[Tensor, Tensor]:
    """Positive [n] and negative [n, k] similarities, uniform in [-1, 1], float64."""
    drawn = 2 * torch.rand(n, 1 + k, generator=generator, dtype=torch.float64) - 1
    return drawn[:, 0], drawn[:, 1:]


def gradients(loss, positive: Tensor, negatives: Tensor, **options) -> Tensor:
    """[N, 1 + K], column 0 that of the positive."""
    p, n = positive.clone().requires_grad_(), negatives.clone().requires_grad_()
    loss(p, n, **options).sum().backward()
    return torch.cat((p.grad[:, None], n.grad), 1)


def both(intra: float, inter: float) -> dict[str, float]:
    return {"temperature_intra": intra, "temperature_inter": inter}


@pytest.mark.parametrize(("intra", "inter"), PAIRS)
def test_the_gradient_against_the_published_form(intra: float, inter: float, generator) -> None:
    p, n = similarities(generator)
    found = gradients(dual_temperature, p, n, **both(intra, inter))
    expected = reference.dual_temperature_gradient(array(p), array(n), intra, inter)
    for ours, theirs in zip(found, expected, strict=True):
        assert_close(ours, theirs)


@pytest.mark.parametrize(("intra", "inter"), PAIRS)
def test_the_gradient_is_the_product(intra: float, inter: float, generator) -> None:
    """W(T_inter) x gradient of DCL(T_intra): derived in the module's first lines."""
    p, n = similarities(generator)
    weight = reference.hardness(array(p), array(n), inter)
    expected = weight[:, None] * reference.decoupled_gradient(array(p), array(n), intra)
    assert_close(gradients(dual_temperature, p, n, **both(intra, inter)), expected)


@pytest.mark.parametrize(("intra", "inter"), PAIRS)
def test_the_value_is_info_nce_at_the_intra_temperature(intra, inter, generator) -> None:
    p, n = similarities(generator)
    found = dual_temperature(p, n, **both(intra, inter))
    assert_close(found, reference.info_nce(array(p), array(n), intra))


def test_by_hand_on_the_circle() -> None:
    """Anchors at 0 and 90 degrees, positives at 60 and 90, T_intra = 1/2, T_inter = inf: W = 1/2.

    K = 1, so phat = 1 and every anchor's gradient is W / T_intra = 1: -1 for its positive, +1 for
    its negative. With T_inter = 1/2 it is InfoNCE's: anchor 1 has DCL = -1, W = 1 / (1 + e).
    """
    z1 = torch.tensor([[1, 0], [0, 1]], dtype=torch.float64)
    z2 = torch.tensor([[0.5, 3**0.5 / 2], [0, 1]], dtype=torch.float64)
    p, n = in_batch(z1, z2)
    expected = [[-1.0, 1.0], [-1.0, 1.0]]
    assert_close(gradients(dual_temperature, p, n, **both(0.5, inf)), expected)
    w = 1 / (1 + 2.718281828459045)
    assert_close(gradients(dual_temperature, p, n, **both(0.5, 0.5))[0], [-2 * w, 2 * w])


@pytest.mark.parametrize("temperature", [0.05, 0.2, 1.0])
def test_equal_temperatures_are_info_nce(temperature: float, generator) -> None:
    p, n = similarities(generator)
    options = both(temperature, temperature)
    one = {"temperature": temperature}
    assert_close(dual_temperature(p, n, **options), info_nce(p, n, **one))
    assert_close(gradients(dual_temperature, p, n, **options), gradients(info_nce, p, n, **one))


@pytest.mark.parametrize("k", [1, 5, 63])
def test_an_infinite_inter_temperature_is_the_decoupled_loss(k: int, generator) -> None:
    """All anchors weigh K / (K + 1)."""
    p, n = similarities(generator, 4, k)
    expected = k / (k + 1) * gradients(decoupled, p, n, temperature=0.1)
    assert_close(gradients(dual_temperature, p, n, **both(0.1, inf)), expected)


def test_two_dictionaries(generator) -> None:
    """Directions from one dictionary, weights from another, which gets no gradient."""
    p, n = similarities(generator, 4, 5)
    _, others = similarities(generator, 4, 9)
    others.requires_grad_()
    found = gradients(dual_temperature, p, n, **both(0.1, 0.5), negatives_inter=others)
    weight = reference.hardness(array(p), array(others), 0.5)
    expected = weight[:, None] * reference.decoupled_gradient(array(p), array(n), 0.1)
    assert_close(found, expected)
    assert others.grad is None
    published = reference.dual_temperature_gradient(array(p), array(n), 0.1, 0.5, array(others))
    assert_close(found, published)
    value = dual_temperature(p, n, **both(0.1, 0.5), negatives_inter=others)
    assert_close(value, reference.info_nce(array(p), array(n), 0.1))


def test_two_equal_dictionaries_are_one(generator) -> None:
    p, n = similarities(generator)
    one = gradients(dual_temperature, p, n, **both(0.1, 1.0))
    two = gradients(dual_temperature, p, n, **both(0.1, 1.0), negatives_inter=n)
    assert torch.equal(one, two)


def test_a_second_dictionary_may_be_a_queue(generator) -> None:
    z, keys = (unit(torch.randn(n, 3, generator=generator, dtype=torch.float64)) for n in (4, 9))
    p, n = in_batch(z, z)
    queue = Against(z, keys)
    found = gradients(dual_temperature, p, n, **both(0.1, 1.0), negatives_inter=queue)
    dense = gradients(dual_temperature, p, n, **both(0.1, 1.0), negatives_inter=z @ keys.T)
    assert_close(found, dense)


def published_ratio(p: Tensor, n: Tensor, intra: float, inter: float) -> Tensor:
    """The paper's equation as the authors' code computes it: (1 - p_inter) / (1 - p_intra) x InfoNCE."""
    logits = torch.cat((p[:, None], n), 1)
    weights = [1 - (logits / t).softmax(1)[:, 0] for t in (inter, intra)]
    return (weights[0] / weights[1]).detach() * -(logits / intra).log_softmax(1)[:, 0]


def test_the_published_ratio_has_our_gradient_where_it_has_digits(generator) -> None:
    p, n = similarities(generator)
    expected = gradients(published_ratio, p, n, intra=0.5, inter=2.0)
    assert_close(gradients(dual_temperature, p, n, **both(0.5, 2.0)), expected)


def test_the_published_ratio_is_not_a_number_in_float32_and_ours_is(generator) -> None:
    """At T_intra = 0.03 with positives at 0.99, 1 - p is 0 in float32 for some anchors: W / 0 times 0."""
    p, n = torch.full((8,), 0.99), 0.15 * torch.randn(8, 255, generator=generator)
    theirs = gradients(published_ratio, p, n, intra=0.03, inter=0.3)
    assert not theirs.isfinite().all()
    assert published_ratio(p, n, 0.03, 0.3).mean().isnan()  # one such anchor is enough
    ours = gradients(dual_temperature, p, n, **both(0.03, 0.3))
    expected = reference.dual_temperature_gradient(array(p), array(n), 0.03, 0.3)
    for found, wanted in zip(ours, expected, strict=True):
        assert abs(array(found) - wanted).max() / abs(wanted).max() < 2e-3


@pytest.mark.parametrize("inter", [0.02, 1.0, 100.0, inf])
@pytest.mark.parametrize("intra", [0.02, 0.03, 0.1, 1.0, 100.0])
def test_float32_keeps_its_digits_with_positives_at_099(intra, inter, generator) -> None:
    """2e-3 relative for each anchor, value and gradient: the issue's limit."""
    p, n = torch.full((4,), 0.99), 0.15 * torch.randn(4, 255, generator=generator)
    value = dual_temperature(p, n, **both(intra, inter))
    expected = reference.info_nce(array(p), array(n), intra)
    assert abs(array(value) / expected - 1).max() < 2e-3
    found = gradients(dual_temperature, p, n, **both(intra, inter))
    assert found.dtype == torch.float32
    slopes = reference.dual_temperature_gradient(array(p), array(n), intra, inter)
    for ours, wanted in zip(array(found), slopes, strict=True):
        assert abs(ours - wanted).max() / abs(wanted).max() < 2e-3


def test_the_weight_has_no_graph(generator) -> None:
    """Were the weight not detached, d/d positive would not be -W / T_intra."""
    p, n = similarities(generator)
    found = gradients(dual_temperature, p, n, **both(0.2, 0.7))[:, 0]
    assert_close(found, -reference.hardness(array(p), array(n), 0.7) / 0.2)
    assert_close(log_sum_exp(n, 0.2), reference.log_sum_exp(array(n), 0.2))


def test_finite_differences_refuse_it(generator) -> None:
    """Only at equal temperatures is the gradient that of the value."""
    p, n = (part.requires_grad_() for part in similarities(generator, 1, 2))
    for inter, is_one in ((0.5, True), (1.0, False)):
        loss = partial(dual_temperature, **both(0.5, inter))
        assert torch.autograd.gradcheck(loss, (p, n), raise_exception=False) is is_one
