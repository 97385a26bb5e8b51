"""How a worker divides its slots between runs and threads, by its own timing."""

from collections.abc import Callable

import pytest

from anatomy.cluster import split
from anatomy.cluster.engine import Engine
from anatomy.cluster.facts import Facts
from anatomy.cluster.split import Split, best_split, doubled
from anatomy.cluster.team import Team
from anatomy.data import digest
from anatomy.errors import InputError
from anatomy.hardware.machine import Machine
from tiny import MACHINE, tiny

Rate = Callable[[int, int], float]  # steps a second of so many runs on so many threads each


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Rate], list[tuple[int, int]]]:
    """Puts rates in place of timings; gives the splits that were tried."""

    def by(rate: Rate) -> list[tuple[int, int]]:
        tried: list[tuple[int, int]] = []

        def found(content: object, machine: object, data_root: object, one: Split) -> float:
            tried.append((one.runs, one.threads))
            return rate(one.runs, one.threads)

        monkeypatch.setattr(split, "_rate", found)
        monkeypatch.setattr(split, "cores", lambda: 8)
        return tried

    return by


@pytest.mark.parametrize(
    ("rate", "slots", "best"),
    [
        (lambda runs, threads: float(runs), 8, Split(8, 1)),  # each on a core of its own
        (lambda runs, threads: min(runs, 2) + 0.05 * runs, 8, Split(2, 1)),  # memory is full
        (lambda runs, threads: float(threads if runs == 1 else 1), 8, Split(1, 8)),  # only one fits
        (lambda runs, threads: {1: 1, 2: 1.9}.get(runs, 1.0) * threads**0.5, 4, Split(2, 2)),
        (lambda runs, threads: runs + 0.01 * threads, 8, Split(8, 1)),  # more threads by a hair
        (lambda runs, threads: 1.0, 1, Split(1, 1)),
    ],
)
def test_the_split_with_the_most_steps(timed: Callable[[Rate], object], rate: Rate, slots: int, best: Split) -> None:
    timed(rate)
    assert best_split(tiny().content(), Machine("cpu"), None, slots) == best


def test_threads_that_were_asked_for_stay(timed: Callable[[Rate], list[tuple[int, int]]]) -> None:
    tried = timed(lambda runs, threads: float(threads))
    assert best_split(tiny().content(), Machine("cpu", threads=2), None, 4) == Split(1, 2)
    assert {threads for _, threads in tried} == {2}


def test_no_more_threads_than_cores(timed: Callable[[Rate], list[tuple[int, int]]]) -> None:
    tried = timed(lambda runs, threads: float(threads))
    assert best_split(tiny().content(), Machine("cpu"), None, 32) == Split(1, 8)
    assert all(runs * threads <= 8 for runs, threads in tried if threads > 1)


def test_it_gives_up_where_more_runs_do_not_pay(timed: Callable[[Rate], list[tuple[int, int]]]) -> None:
    """A card with room for two: four and eight at a time are not tried after four was no faster."""
    tried = timed(lambda runs, threads: min(runs, 2))
    best_split(tiny().content(), Machine("cpu", threads=1), None, 16)
    assert tried == [(1, 1), (2, 1), (4, 1)]


def test_doubled() -> None:
    assert [doubled(most) for most in (0, 1, 2, 3, 9)] == [[], [1], [1, 2], [1, 2], [1, 2, 4, 8]]


def test_steps_are_really_timed() -> None:
    found = best_split(tiny().content(), MACHINE, None, 2)
    assert found in (Split(1, 1), Split(2, 1))


def test_the_plan_is_made_for_the_threads_that_were_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seconds of a run, and the kind of processor that its page names, are those of the split."""
    run = tiny()
    asked: list[int] = []

    class Asked(Team):
        def _asked(self, function, *given, worker):  # type: ignore[no-untyped-def]
            if function is best_split:
                assert given[1].threads == 0, "nobody asked for a number"
                return Split(2, 4)
            asked.append(given[1].threads)
            return {"precision": "fp32", "compile": "no", "seconds": [100.0 / given[1].threads]}

    class Alone:
        def threads(self) -> dict[str, int]:
            return {"a": 8}

    team = Asked.__new__(Asked)
    team.engine, team.machine = Alone(), Machine("cpu")  # type: ignore[assignment]
    key = run.key(digest("shapes"))
    team.runs = {key: run}
    facts = Facts(*("",) * 9, "", 8, 8, 0, 0, False, "", None, "")  # type: ignore[arg-type]
    plan = team._plan("a", facts)
    assert asked == [1, 4]
    assert (plan.at_once, plan.machine.threads, plan.seconds) == (2, 4, {key: 25.0})
    assert "threads 4" in plan.label


def test_a_device_that_is_not_there() -> None:
    with pytest.raises(InputError, match="device is 'nonsense'"):
        best_split(tiny().content(), Machine("nonsense"), None, 2)


@pytest.mark.cluster
def test_on_a_worker(engine: Engine) -> None:
    """As an order of Dask: nothing of it that could not be sent."""
    worker = min(engine.threads())
    said = engine.on_each(best_split, tiny().content(), MACHINE, None, 2, workers=[worker], within=60.0)[worker]
    assert isinstance(said, Split)
