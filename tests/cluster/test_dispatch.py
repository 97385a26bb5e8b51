"""Who is given what: units stay on one kind, the study's order holds, and nobody waits for the slowest."""

import pytest

from anatomy.cluster.dispatch import BACK, TRIES, Dispatch
from anatomy.cluster.pace import Worker, best_order, makespan


def on(dispatch: Dispatch, *workers: tuple[str, str], seconds: float = 10.0) -> list[Worker]:
    """Workers (address, kind), which join; each kind takes so many seconds a run."""
    made = [Worker(address, f"home of {address}", kind) for address, kind in workers]
    for worker in made:
        dispatch.join(worker)
    for kind in dict.fromkeys(kind for _, kind in workers):
        dispatch.plan(kind, dict.fromkeys(dispatch.units, seconds), sum(k == kind for _, k in workers))
    return made


def played(dispatch: Dispatch, speeds: dict[str, float]) -> tuple[float, list[tuple[str, str]]]:
    """(time of the end, (run, worker) in the order given out), each run taking its planned seconds times a factor."""
    now, given = 0.0, []
    ends: list[tuple[float, str, Worker]] = []
    while True:
        for worker in dispatch.workers.values():
            while worker.free and (key := dispatch.next_for(worker, now)):
                given.append((key, worker.address))
                ends.append((now + dispatch.seconds[worker.kind][key] * speeds[worker.address], key, worker))
        if not ends:
            assert not dispatch.waiting
            return now, given
        now, key, worker = ends.pop(ends.index(min(ends, key=lambda end: end[:2])))
        dispatch.done(key, worker, now)


def test_the_order_of_the_study_holds() -> None:
    dispatch = Dispatch(dict.fromkeys("abcd", (0, 0)))
    on(dispatch, ("one", "x"), ("two", "x"))
    end, given = played(dispatch, {"one": 1, "two": 1})
    assert (end, [key for key, _ in given]) == (20.0, list("abcd"))


def test_longest_first_where_that_ends_sooner() -> None:
    seconds = {"a": 1.0, "b": 1.0, "c": 1.0, "d": 3.0}
    assert makespan(list("abcd"), seconds, 2) == 4.0
    assert best_order(list("abcd"), seconds, 2) == list("dabc")
    assert best_order(list("abcd"), dict.fromkeys("abcd", 1.0), 2) == list("abcd")


def test_a_unit_stays_on_one_kind() -> None:
    units = {f"{arm}{seed}": seed for arm in "abc" for seed in range(4)}
    dispatch = Dispatch(units)
    on(dispatch, ("one", "x"), ("two", "y"), ("three", "y"))
    _, given = played(dispatch, {"one": 1, "two": 1, "three": 1})
    kinds: dict[int, set[str]] = {}
    for key, address in given:
        kinds.setdefault(units[key], set()).add("x" if address == "one" else "y")
    assert {len(found) for found in kinds.values()} == {1}
    assert {kind for found in kinds.values() for kind in found} == {"x", "y"}
    assert len(given) == len(units)


def test_a_unit_that_a_kind_has_begun_waits_for_it() -> None:
    dispatch = Dispatch({"a": 0, "b": 1}, begun={0: "gone"})
    (worker,) = on(dispatch, ("one", "x"))
    assert dispatch.next_for(worker, 0.0) == "b"
    dispatch.done("b", worker, 1.0)
    assert dispatch.next_for(worker, 1.0) is None
    assert dispatch.stranded() == ["a"]
    (late,) = on(dispatch, ("two", "gone"))
    assert (dispatch.stranded(), dispatch.next_for(late, 2.0)) == ([], "a")


def test_a_kind_that_comes_later_is_given_units_of_which_nothing_has_begun() -> None:
    dispatch = Dispatch({"a": 0, "b": 1, "c": 1})
    (first,) = on(dispatch, ("one", "x"))
    assert dispatch.next_for(first, 0.0) == "a"
    (second,) = on(dispatch, ("two", "y"))
    assert dispatch.next_for(second, 0.0) == "b"


def test_the_last_run_waits_for_a_fast_worker() -> None:
    """A worker ten times slower is free; the fast one ends its run in a second, and the next in ten more."""
    dispatch = Dispatch(dict.fromkeys("ab", 0))
    fast, slow = on(dispatch, ("fast", "x"), ("slow", "x"))
    slow.pace = 10.0
    assert dispatch.next_for(fast, 0.0) == "a"
    assert dispatch.next_for(slow, 9.0) is None
    slow.pace = 1.0
    assert dispatch.next_for(slow, 9.0) == "b"


def test_a_slow_worker_is_learned_and_does_not_hold_up_the_end() -> None:
    dispatch = Dispatch({str(at): 0 for at in range(12)})
    on(dispatch, ("one", "x"), ("two", "x"), ("slow", "x"))
    end, given = played(dispatch, {"one": 1, "two": 1, "slow": 6})
    assert end == 60.0
    assert sum(address == "slow" for _, address in given) == 1


def test_a_run_that_ends_twice_under_a_worker_is_refused_there() -> None:
    dispatch = Dispatch({"a": 0})
    one, other = on(dispatch, ("one", "x"), ("other", "x"))
    for _ in range(TRIES):
        assert dispatch.next_for(one, 0.0) == "a"
        assert dispatch.leave("one", 0.0) == ["a"]
        dispatch.join(one := Worker("one", one.home, "x"))
    assert dispatch.next_for(one, 0.0) is None
    assert dispatch.hopeless(0.0) == []
    assert dispatch.next_for(other, 0.0) == "a"
    dispatch.lost["a", other.home] = TRIES
    dispatch.leave("other", 0.0, blame=False)
    assert dispatch.hopeless(0.0) == ["a"]


def test_a_worker_that_may_be_back_in_a_moment_is_waited_for() -> None:
    """Its nanny starts it again: until then the others, which refuse the run, are not all that there are."""
    dispatch = Dispatch({"a": 0})
    one, _ = on(dispatch, ("one", "x"), ("other", "x"))
    assert dispatch.next_for(one, 0.0) == "a"
    dispatch.again("a", one)
    dispatch.lost["a", one.home] = TRIES
    dispatch.leave("other", 10.0)
    assert dispatch.hopeless(11.0) == []
    assert dispatch.hopeless(10.0 + BACK) == ["a"]
    (other,) = on(dispatch, ("other", "x"))
    assert dispatch.hopeless(10.0 + BACK) == []
    assert dispatch.next_for(other, 80.0) == "a"


def test_what_the_network_took_counts_as_no_try() -> None:
    dispatch = Dispatch({"a": 0})
    for _ in range(2 * TRIES):
        (one,) = on(dispatch, ("one", "x"))
        assert dispatch.next_for(one, 0.0) == "a"
        dispatch.leave("one", 0.0, blame=False)
    assert not +dispatch.lost


def test_what_a_worker_has_kept_is_asked_of_it_alone_while_it_is_here() -> None:
    dispatch = Dispatch({"a": 0})
    dispatch.wanted["a"] = "home of keeper"
    other, keeper = on(dispatch, ("other", "x"), ("keeper", "x"))
    assert dispatch.next_for(other, 0.0) is None
    dispatch.leave("keeper", 0.0)
    assert dispatch.next_for(other, 0.0) == "a"


def test_time_left_follows_the_workers_own_paces() -> None:
    dispatch = Dispatch(dict.fromkeys("abcd", 0))
    one, two = on(dispatch, ("one", "x"), ("two", "x"))
    assert dispatch.left(0.0) == (40.0, 20.0)
    one.pace, two.pace = 2.0, 2.0
    assert dispatch.left(0.0) == (40.0, 40.0)
    dispatch.next_for(one, 0.0)
    assert dispatch.left(10.0)[0] == pytest.approx(35.0)


def test_of_two_kinds_neither_takes_a_unit_that_a_third_has_begun() -> None:
    dispatch = Dispatch({"a": 0, "b": 1, "c": 2}, begun={0: "gone"})
    workers = on(dispatch, ("one", "x"), ("two", "y"))
    assert {dispatch.next_for(worker, 0.0) for worker in workers} == {"b", "c"}
    assert dispatch.stranded() == ["a"]


def test_half_of_a_pace_is_the_last_run() -> None:
    worker = Worker("one", "home", "x")
    worker.timed(planned=10.0, took=30.0)
    assert worker.pace == 2.0
    worker.timed(planned=10.0, took=0.0)
    assert worker.pace == pytest.approx(1.1)
