"""The identities hold on a planted network, and fail where the loss is wrong."""

import pytest
import torch

import reference
from anatomy.measures import identities as module
from anatomy.measures.identities import identities, scalar_and_vector
from anatomy.similarity import unit
from reference import array, assert_close

NAMES = ["gradient is W times vector", "InfoNCE is W times DCL", "equal weights give DCL"]


def test_they_hold_to_float64s_digits(planted) -> None:
    table = identities(planted(400, 1), temperatures=(0.05, 0.5))
    assert table["identity"] == NAMES * 2
    assert table["temperature"] == [0.05] * 3 + [0.5] * 3
    assert 0 < max(table["error"]) < 1e-10  # not exactly zero: two ways were computed


@pytest.mark.parametrize("bank", [10, 100, 129])
def test_a_small_bank_is_halved(planted, bank: int) -> None:
    """Non-regression: with at most 128 images there were no keys, and the errors were NaN."""
    assert max(identities(planted(bank, 1))["error"]) < 1e-10


def test_a_wrong_sign_in_the_loss_is_seen(planted, monkeypatch: pytest.MonkeyPatch) -> None:
    right = module.info_nce
    monkeypatch.setattr(module, "info_nce", lambda *a, **k: -right(*a, **k))
    errors = identities(planted(40, 1), temperatures=(0.1,))["error"]
    assert errors[0] > 0.1
    assert errors[1] > 0.1
    assert errors[2] < 1e-10


def test_a_wrong_weight_is_seen(planted, monkeypatch: pytest.MonkeyPatch) -> None:
    right = module.dual_temperature
    monkeypatch.setattr(module, "dual_temperature", lambda *a, **k: 1.01 * right(*a, **k))
    assert identities(planted(40, 1), temperatures=(0.1,))["error"][2] > 0.005


def test_scalar_and_vector_against_loops(generator: torch.Generator) -> None:
    anchor, key, keys = (unit(torch.randn(n, 3, generator=generator, dtype=torch.float64)) for n in (4, 4, 6))
    weight, vector = scalar_and_vector(anchor, key, keys, 0.3)
    for i in range(4):
        positive = reference.cosine(array(anchor[i]), array(key[i]))
        negatives = array([reference.cosine(array(anchor[i]), k) for k in array(keys)])
        assert_close(weight[i], reference.hardness_of(positive, negatives, 0.3))
        phat = 0.3 * reference.decoupled_gradient_of(positive, negatives, 0.3)[1:]
        assert_close(vector[i], array(key[i]) - phat @ array(keys))
