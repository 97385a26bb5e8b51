"""How the benchmarks measure: by a clock that is set, on memory that is taken, and on records that are planted."""

import pytest
import torch

import growth
import measuring


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """CPU seconds, moved by hand."""
    now = [0.0]
    monkeypatch.setattr(measuring.time, "process_time", lambda: now[0])
    return now


def test_a_ratio_is_the_median_of_the_rounds_and_not_of_the_sides(clock: list[float]) -> None:
    """Rounds of (4, 1), (30, 10), (10, 5) s after a first call that does not count: ratios 4, 3, 2."""
    theirs, ours = iter([99.0, 4, 30, 10]), iter([1.0, 1, 10, 5])

    def spend(seconds: float) -> None:
        clock[0] += seconds

    row = measuring.beside("x", lambda: spend(next(theirs)), lambda: spend(next(ours)), 3, images=100)
    assert (row["ratio"], row["low"], row["high"]) == (3, 2, 4)
    assert row["rounds"] == 3
    assert (row["lightly"], row["ours"]) == (10, 20)  # images / s of the median seconds, 10 and 5


def test_the_slope_of_a_power_is_its_exponent() -> None:
    points = [(x, 3.0 * x**1.5) for x in (10, 100, 1000)]
    assert measuring.curve("cost", "x", "s", points)["slope"] == 1.5


def test_the_peak_is_what_a_call_takes_and_gives_back() -> None:
    peak = measuring.peak_mb(lambda: torch.ones(2**23).sum())  # 32 MB, written
    if peak is None:
        pytest.skip("this system does not say how much memory a process has had")
    assert 30 < peak < 40


@pytest.mark.parametrize("count", [90, 300])
def test_planted_records_are_found_under_their_own_keys(count: int) -> None:
    study = growth.planted(count)
    assert count / 2 < len(study.found) <= count
    assert all(study.found[key]["key"] == key for key in study.keys if key in study.found)
    assert len({record["run"].get("seed", 0) for record in study.found.values()}) == len(study.seeds)


def test_planted_records_are_judged() -> None:
    words = {one.verdict.word for row in growth.planted(300).verdicts() for one in row.verdicts}
    assert words & {"holds", "does not hold"}
