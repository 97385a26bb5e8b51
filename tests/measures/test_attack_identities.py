"""Which attacks are one: on a planted classifier, and that an error would be seen."""

import pytest

from anatomy.attacks.single_step import SingleStep
from anatomy.measures import attack_identities as measure
from anatomy.measures.attack_identities import NOISE_AUG, RELATIVE, attack_identities


def test_both_hold(planted) -> None:
    table = attack_identities(planted(8, 30), widths=(0.5, 2.0))
    assert table["identity"] == [NOISE_AUG, NOISE_AUG, RELATIVE]
    assert table["k"] == [0.5, 2.0, 0.0]
    assert table["error"][:2] == [0, 0]
    assert table["error"][2] < 1e-15


def test_a_step_that_is_not_cut_is_another_attack(planted, monkeypatch: pytest.MonkeyPatch) -> None:
    def uncut(**options) -> SingleStep:
        return SingleStep(**options | {"clip": False})

    monkeypatch.setattr(measure, "SingleStep", uncut)
    assert attack_identities(planted(8, 30))["error"][0] > 0.01


def test_the_network_stays_in_float32(planted) -> None:
    trained = planted(8, 30)
    attack_identities(trained)
    assert {weight.dtype for weight in trained.encoder.parameters()} == {trained.encoder.projector.weight.dtype}
