"""The identities of mixed features hold on a planted network, and fail where the mixing is wrong."""

import pytest

from anatomy.measures import mixing_identities as module
from anatomy.measures.mixing_identities import SHARES, mixing_identities
from anatomy.transforms import mix_positives


def test_they_hold_to_float64s_digits(planted) -> None:
    table = mixing_identities(planted(400, 1))
    assert len(table["error"]) == 6 * len(SHARES)
    assert sorted(set(table["share"])) == sorted(SHARES)
    assert 0 < max(table["error"]) < 1e-10  # not exactly zero: two ways were computed


@pytest.mark.parametrize("bank", [10, 100])
def test_a_small_bank_is_halved(planted, bank: int) -> None:
    assert max(mixing_identities(planted(bank, 1))["error"]) < 1e-10


def test_a_wrong_sign_is_seen(planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "mix_positives", lambda q, k, s, **options: mix_positives(q, -k, s, **options))
    table = mixing_identities(planted(40, 1))
    named = list(zip(table["identity"], table["error"], strict=True))
    worst = {name: max(error for identity, error in named if identity == name) for name, _ in named}
    assert all(error > 1e-3 for name, error in worst.items() if name != "gradient times c")


def test_a_cut_graph_is_seen(planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the gradient through k^, which contains q, the factor would be lambda^2."""

    def cut(query, key, share, **options):
        mixed = mix_positives(query, key, share, **options)
        return mixed[0], mixed[1].detach()

    monkeypatch.setattr(module, "mix_positives", cut)
    table = mixing_identities(planted(40, 1))
    named = zip(table["identity"], table["error"], strict=True)
    assert all((error > 1e-3) is (identity == "gradient times c") for identity, error in named)
