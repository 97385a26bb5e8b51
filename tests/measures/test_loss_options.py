"""Options of losses on the map: each begins at InfoNCE and ends where the losses' own functions say."""

import pytest
import torch

from anatomy.losses.hard_negatives import hard_negatives
from anatomy.measures.loss_map import SUMMARY, family, forces, loss_map, similarities, summary
from anatomy.measures.loss_options import VALUES, loss_options


@pytest.fixture
def trained(planted):
    return planted(40, 12)


def rows(table) -> dict[tuple[str, float], list[float]]:
    return {
        (of, at): [table[name][place] for name in SUMMARY]
        for place, (of, at) in enumerate(zip(table["of"], table["at"], strict=True))
    }


def test_each_begins_at_infonce(trained) -> None:
    found, infonce = rows(loss_options(trained)), rows(loss_map(trained, temperatures=(0.1,)))["InfoNCE", 0.1]
    assert {of for of, _ in found} == set(VALUES)
    for name, values in VALUES.items():
        assert found[name, values[0]] == pytest.approx(infonce, rel=1e-9, abs=1e-12)


def test_each_passes_through_the_loss_of_the_map(trained) -> None:
    found, mapped = rows(loss_options(trained)), rows(loss_map(trained, temperatures=(0.1,)))
    for name, value in (("hard negatives", 1.0), ("debiased", 0.1), ("dual temperature", 10.0)):
        assert found[name, value] == pytest.approx(mapped[name, 0.1], rel=1e-9, abs=1e-12)


def test_at_another_temperature(trained) -> None:
    found = rows(loss_options(trained, options_temperature=0.5))
    positive, negatives = similarities(trained)
    loss = lambda p, n: hard_negatives(p, n, temperature=0.5, beta=4.0, tau_plus=0.0)  # noqa: E731
    assert found["hard negatives", 4.0] == pytest.approx(summary(forces(loss, positive, negatives)))
    assert torch.isfinite(torch.tensor(list(found.values()))).all()
    assert set(VALUES) < set(family(0.5))
