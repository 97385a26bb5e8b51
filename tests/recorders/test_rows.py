"""The table of a recorder: windows of steps where there are many."""

from math import nan

import numpy as np
import pytest
import torch

from anatomy.recorders import MOST, Rows, every_nth


def table_of(steps: int, rows_a_step: int = 1) -> dict[str, list[float]]:
    rows = Rows(["step", "kind", "value"])
    for step in range(0, 8 * steps, 8):
        rows.add(torch.tensor([[step, kind, step + 0.1 * kind] for kind in range(rows_a_step)], dtype=torch.float64))
    rows.fetch()
    return rows.table()


@pytest.mark.parametrize("steps", [0, 1, MOST - 1, MOST])
def test_few_steps_stay_as_they_were_recorded(steps: int) -> None:
    assert table_of(steps)["value"] == [8.0 * step for step in range(steps)]


@pytest.mark.parametrize("steps", [MOST + 1, 156, 625, 1250, 4000])
@pytest.mark.parametrize("kinds", [1, 3])
def test_many_steps_are_means_over_windows_of_consecutive_ones(steps: int, kinds: int) -> None:
    table = table_of(steps, kinds)
    firsts = sorted(set(table["step"]))
    assert MOST / 2 < len(firsts) <= MOST
    edges = np.array([*firsts, 8 * steps])
    assert set(np.diff(edges)[:-1]) == {8 * -(-steps // MOST)}, "windows of one size, but for the last"
    recorded = np.arange(0, 8 * steps, 8)
    for first, end in zip(edges[:-1], edges[1:], strict=True):
        inside = recorded[(recorded >= first) & (recorded < end)]
        at = [place for place, step in enumerate(table["step"]) if step == first]
        assert [table["kind"][place] for place in at] == list(range(kinds)), "each kind apart"
        expected = [inside.mean() + 0.1 * kind for kind in range(kinds)]
        assert [table["value"][place] for place in at] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("steps", [0, 1, 7, 8, 9, 35])
def test_every_nth_step_as_it_was_recorded(steps: int) -> None:
    rows = Rows(["step", "kind", "value"], most=8, fewer=every_nth)
    recorded = [[8.0 * step, float(kind), step + 0.1 * kind] for step in range(steps) for kind in range(2)]
    for row in recorded:
        rows.add(torch.tensor([row], dtype=torch.float64))
    rows.fetch()
    size = max(1, -(-steps // 8))
    kept = [row for row in recorded if row[0] / 8 % size == 0]
    assert [list(row) for row in zip(*rows.table().values(), strict=True)] == kept


def test_a_window_without_a_number_has_none_and_others_leave_it_out() -> None:
    rows = Rows(["step", "value"])
    rows.add(torch.tensor([[step, nan if step < 2 or step == 5 else 1.0] for step in range(2 * MOST)]).double())
    rows.fetch()
    value = rows.table()["value"]
    assert np.isnan(value[0])
    assert value[1:] == [1.0] * (MOST - 1)
