"""The identities hold on a planted network, and fail where a loss is wrong."""

import pytest

from anatomy.measures import family_identities as module
from anatomy.measures.family_identities import family_identities


def test_they_hold_to_float64s_digits(planted) -> None:
    table = family_identities(planted(60, 20), temperatures=(0.05, 0.5))
    assert len(table["identity"]) == 8
    assert table["temperature"] == [0.05] * 4 + [0.5] * 4
    assert 0 < max(table["error"]) < 1e-10


@pytest.mark.parametrize(
    ("loss", "broken"),
    [("info_nce", [0, 3]), ("dual_temperature", [1]), ("cacr", [2]), ("hard_negatives", [3]), ("decoupled", [0, 1, 2])],
)
def test_a_wrong_loss_is_seen(planted, monkeypatch: pytest.MonkeyPatch, loss: str, broken: list[int]) -> None:
    right = getattr(module, loss)
    monkeypatch.setattr(module, loss, lambda *a, **k: 1.01 * right(*a, **k))
    errors = family_identities(planted(40, 10), temperatures=(0.2,))["error"]
    assert [at for at, error in enumerate(errors) if error > 1e-3] == broken
