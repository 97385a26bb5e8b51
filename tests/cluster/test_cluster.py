"""A study on Dask, its workers in this process: the numbers of one machine, and what is done where a worker fails."""

import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anatomy.cluster import conductor, recruit, remote, roster
from anatomy.cluster import facts as facts_module
from anatomy.cluster import scratch as scratch_module
from anatomy.cluster import sweep as module
from anatomy.cluster.address import Place
from anatomy.cluster.engine import Engine, opened
from anatomy.cluster.facts import facts
from anatomy.cluster.sweep import sweep_there
from anatomy.cluster.team import question_about
from anatomy.data import digest
from anatomy.errors import InputError, RunFailed
from anatomy.hardware import machine as machine_module
from anatomy.runs.config import Run
from anatomy.scheduling import worker as training
from anatomy.scheduling.sweep import Outcome
from anatomy.storage.record import as_written
from anatomy.storage.store import Store
from commands import archive
from tiny import MACHINE, one_line, swept, tiny

pytestmark = pytest.mark.cluster
RUNS = [tiny(seed=seed, batch_size=size) for seed in (0, 1) for size in (32, 16)]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The tables of RUNS, trained one after the other in this thread."""
    return tables(Store(tmp_path_factory.mktemp("alone")), RUNS)


def tables(store: Store, runs: list) -> dict[str, Any]:
    swept(store, runs)
    return tables_of(store)


def tables_of(store: Store) -> dict[str, Any]:
    return {key: record["tables"] for key in store.keys() if (record := store.record(key))}


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker sees the submitter's store."""
    from contextlib import nullcontext

    monkeypatch.setattr(module, "laid", lambda store, token: nullcontext())


def there(engine: Engine, store: Store, runs: list = RUNS, said: list[str] | None = None, **options: Any) -> Outcome:
    units = {run.key(digest("shapes")): (run.seed, 0) for run in runs}
    say = (said if said is not None else []).append
    return sweep_there(lambda: engine, lambda: units, runs, store, machine=MACHINE, say=say, **options)


def name_here() -> str:
    from distributed import get_worker

    return str(get_worker().address)


# --- the same numbers


def test_without_a_shared_disk(
    engine: Engine, store: Path, scratch: Path, apart: None, alone: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records come back, equal to those of one machine; the workers keep nothing. It is said how far it is."""
    monkeypatch.setattr(conductor, "LOOK", 0.0)
    monkeypatch.setattr(conductor, "REPORT", 0.0)
    said: list[str] = []
    done = there(engine, Store(), said=said, rules={"claim-1": "abc"})
    assert (done.keys, done.left) == ([run.key(digest("shapes")) for run in RUNS], [])
    assert tables_of(Store()) == alone
    assert said[0].startswith("4 runs to train: about 0.")
    assert "on 2 workers, 1 kind of processor: " in said[0]
    assert said[1].startswith("Dask's dashboard: http://")
    assert all(re.fullmatch(r"[0-4] of 4 runs, \d+ %, about \d+\.\d minutes left", line) for line in said[2:])
    assert len({line.partition(" %")[0] for line in said[2:]}) > 2
    assert list((scratch / "runs").glob("*/record.json")) == []
    assert not list(store.glob("*/checkpoint"))
    record = Store().record(done.keys[0])
    assert record is not None
    assert record["provenance"]["rules"] == {"claim-1": "abc"}


def test_with_a_shared_disk(engine: Engine, store: Path, scratch: Path, alone: dict[str, Any]) -> None:
    """Workers train in the submitter's store: weights and checkpoints are there, and no other copy."""
    there(engine, Store())
    assert tables_of(Store()) == alone
    assert len(list(store.glob("*/checkpoint"))) == 4
    assert not [path for path in store.iterdir() if path.name.startswith(".")]
    assert not list((scratch / "runs").glob("*/record.json"))


def test_weights_come_back_where_they_are_wanted(engine: Engine, store: Path, apart: None) -> None:
    engine.place = replace(engine.place, weights=True)
    (key,) = there(engine, Store(), RUNS[:1]).keys
    assert Store().checkpoint(key) is not None


def test_a_student_is_sent_its_teacher(engine: Engine, store: Path, scratch: Path, apart: None) -> None:
    """The teacher is trained first, its weights come back, and go to whichever worker has the student."""
    teacher = tiny(recorders="", measures="", epochs=1)
    taught = {"method": "deacl", "temperature": None, "teacher": teacher.key(digest("shapes")), "views": "whole"}
    students = [tiny(**taught, recorders="", epochs=1, seed=seed) for seed in (0, 1)]
    assert there(engine, Store(), [*students, teacher]).left == []
    alone = Store(scratch.parent / "alone")
    assert tables(alone, [teacher, *students]) == tables_of(Store())
    assert Store().checkpoint(teacher.key(digest("shapes"))) is not None
    with pytest.raises(InputError, match="deacl uses the weights of run 0123456789abcdef, which is not in the store"):
        there(engine, Store(), [tiny(**taught | {"teacher": "0123456789abcdef"}, recorders="")])


def test_a_finished_study_asks_no_worker(engine: Engine, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    swept(Store(), RUNS[:2])
    monkeypatch.setattr(module, "Conductor", lambda *given: pytest.fail("a worker was asked"))
    assert there(engine, Store(), RUNS[:2]).left == []


# --- what was finished meanwhile


def test_a_run_that_a_worker_has_kept_is_fetched(
    engine: Engine, store: Path, scratch: Path, apart: None, monkeypatch: pytest.MonkeyPatch, alone: dict[str, Any]
) -> None:
    """The command that asked for it was killed; its worker went on."""
    swept(Store(scratch / "runs"), RUNS)
    monkeypatch.setattr("anatomy.training.train.prepare", lambda *given: pytest.fail("it was trained twice"))
    there(engine, Store())
    assert tables_of(Store()) == alone
    assert list((scratch / "runs").glob("*/record.json")) == []


def test_a_record_made_by_other_code_is_replayed_on_the_worker(
    engine: Engine, store: Path, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (key,) = swept(Store(), RUNS[:1]).keys
    record = Store().record(key)
    assert record is not None
    before = record["provenance"]["sources"] = ["0" * 16]
    Store().save_record(key, record)
    there(engine, Store(), RUNS[:1])
    again = Store().record(key)
    assert again is not None
    assert again["provenance"]["sources"][:1] == before
    assert len(again["provenance"]["sources"]) == 2
    assert again["provenance"]["started"] == record["provenance"]["started"]


# --- faults


def test_a_worker_that_ends_in_the_middle_of_a_run(
    engine: Engine,
    threads: Any,
    store: Path,
    apart: None,
    monkeypatch: pytest.MonkeyPatch,
    alone: dict[str, Any],
) -> None:
    """Its run goes to the other; the numbers are the same, and nothing else is trained twice."""
    trained, hold, first = [], threading.Event(), threading.Lock()

    def once(task: training.Task) -> str:
        trained.append(task.key)
        if first.acquire(blocking=False):
            head = threads.scheduler  # forgets it, as where its connection has ended
            head.loop.add_callback(head.remove_worker, name_here(), stimulus_id="gone", close=True)
            hold.wait(20)
            raise TimeoutError("it was gone")
        return training.train_one(task)

    monkeypatch.setattr(remote, "train_one", once)
    said: list[str] = []
    try:
        there(engine, Store(), said=said)
    finally:
        hold.set()
    assert tables_of(Store()) == alone
    assert sum("is gone; 1 run waits for another, 1 workers are left" in line for line in said) == 1
    assert sorted(trained) == sorted([*alone, trained[0]])


def test_a_machine_that_fails_twice_is_not_given_the_run_again(
    engine: Engine, store: Path, apart: None, monkeypatch: pytest.MonkeyPatch, alone: dict[str, Any]
) -> None:
    """As one that is out of memory or whose disk is full."""
    bad, check = min(engine.threads()), remote.check_memory
    tries: list[str] = []

    def failing(run: Run) -> None:
        if name_here() == bad:
            tries.append(run.key(digest("shapes")))
            raise InputError("simco needs 9 GB of memory")
        check(run)

    monkeypatch.setattr(remote, "check_memory", failing)
    said: list[str] = []
    there(engine, Store(), said=said)
    assert tables_of(Store()) == alone
    assert {tries.count(key) for key in tries} <= {1, 2}
    assert any("did not end on worker" in line and "9 GB of memory" in line for line in said)


def test_every_machine_fails(engine: Engine, store: Path, apart: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "check_memory", lambda run: (_ for _ in ()).throw(InputError("too large")))
    said: list[str] = []
    with pytest.raises(RunFailed, match="1 of 1 runs failed, first .*: every worker of its kind ended under it"):
        there(engine, Store(), RUNS[:1], said)
    assert sum("ended 2 times under worker" in line for line in said) == 2


def test_a_run_that_would_fail_anywhere_is_tried_once(
    engine: Engine, store: Path, apart: None, monkeypatch: pytest.MonkeyPatch, alone: dict[str, Any]
) -> None:
    bad, tried = RUNS[1].key(digest("shapes")), []

    def diverging(task: training.Task) -> str:
        if task.key == bad:
            tried.append(1)
            raise RunFailed("the loss became nan")
        return training.train_one(task)

    monkeypatch.setattr(remote, "train_one", diverging)
    with pytest.raises(
        RunFailed, match=f"1 of 4 runs failed, first {bad}: the loss became nan; finished runs are kept"
    ):
        there(engine, Store())
    assert tried == [1]
    assert tables_of(Store()) == {key: table for key, table in alone.items() if key != bad}


def test_a_worker_that_gives_back_something_else_is_left_out(
    engine: Engine, store: Path, apart: None, monkeypatch: pytest.MonkeyPatch, alone: dict[str, Any]
) -> None:
    liar = min(engine.threads())

    def written(record: Any) -> bytes:
        sound = as_written(record)
        return sound.replace(b'"loss"', b'"lost"') if name_here() == liar else sound

    monkeypatch.setattr(remote, "as_written", written)
    said: list[str] = []
    there(engine, Store(), said=said)
    assert tables_of(Store()) == alone
    (line,) = [line for line in said if "is left out" in line]
    assert line.startswith(f"worker {liar} is left out: what it gave back for run ")
    assert line.endswith("cannot be used: its content is not what was written")


def test_what_the_time_limit_leaves(
    engine: Engine, store: Path, apart: None, monkeypatch: pytest.MonkeyPatch, alone: dict[str, Any]
) -> None:
    done: list[str] = []

    def late(task: training.Task) -> str:
        assert task.deadline is not None
        if len(done) == 2:
            raise TimeoutError("stopped by the time limit before it began")
        done.append(task.key)
        return training.train_one(replace(task, deadline=None))

    monkeypatch.setattr(remote, "train_one", late)
    first = there(engine, Store(), time_limit=900.0)
    assert len(first.left) == 2
    monkeypatch.undo()
    monkeypatch.setattr(module, "laid", module.laid)
    assert there(engine, Store(), time_limit=900.0).left == []
    assert tables_of(Store()) == alone


# --- who takes part


def test_a_worker_of_other_code_is_named_and_left_out(
    engine: Engine, store: Path, apart: None, monkeypatch: pytest.MonkeyPatch, alone: dict[str, Any]
) -> None:
    other, trained = min(engine.threads()), []

    def changed(question: Any) -> Any:
        said = facts(question)
        return replace(said, code="0" * 16) if name_here() == other else said

    monkeypatch.setattr(recruit, "facts", changed)
    monkeypatch.setattr(remote, "train_one", lambda task: (trained.append(name_here()), training.train_one(task))[1])
    said: list[str] = []
    there(engine, Store(), said=said)
    assert said[0].startswith(f"worker {other} is left out: its package is other code (0000000000000000, and here ")
    assert other not in trained
    monkeypatch.setattr(recruit, "facts", lambda question: replace(facts(question), code="0" * 16))
    with pytest.raises(InputError, match="none of 2 workers would make the same runs, first .*: its package is other"):
        there(engine, Store(), [tiny(seed=9)])


def test_a_data_set_is_sent_once_to_a_machine(engine: Engine, scratch: Path, tmp_path: Path) -> None:
    file = archive(tmp_path)
    ours = digest("mine", tmp_path)
    question = question_about(Store(tmp_path / "s"), "mine", ours, str(tmp_path), "cpu")
    found, _ = recruit.ask(engine, list(engine.threads()), replace(question, data_root=None))
    assert {worker.data for worker in found.values()} == {""}
    recruit.send_data(engine, found, question, ours)
    copies = list((scratch / "data").rglob("*.npz"))
    assert [copy.read_bytes() for copy in copies] == [file.read_bytes()]
    taken, refused = recruit.recruit(engine, list(found), replace(question, data_root=None), recruit.Ours.of(question))
    assert (len(taken), refused) == (2, {})
    assert {worker.data_root for worker in taken.values()} == {str(scratch_module.data_folder(ours))}


def test_seeds_that_were_begun_on_another_kind_are_left(engine: Engine, store: Path, apart: None) -> None:
    (key,) = swept(Store(), RUNS[:1]).keys
    record = Store().record(key)
    assert record is not None
    Store().save_record(key, {**record, "provenance": {**record["provenance"], "cpu": "Another"}})
    said: list[str] = []
    done = there(engine, Store(), said=said)
    assert done.left == [RUNS[1].key(digest("shapes"))]
    assert said[-1] == "1 runs wait for a kind of processor on which their seed was begun, and are left"


def test_two_kinds_of_processor_share_the_seeds(
    engine: Engine, store: Path, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One worker says that it is another processor: both work, and no seed has runs of both, nor after a restart."""
    other, runs = min(engine.threads()), [tiny(seed=seed, batch_size=size) for seed in range(4) for size in (32, 16)]
    for place in (facts_module, machine_module):
        monkeypatch.setattr(place, "cpu_model", lambda: "Xeon" if name_here() == other else "EPYC")
    said: list[str] = []
    there(engine, Store(), runs[:6], said)
    assert "on 2 workers, 2 kinds of processor: EPYC, torch " in said[0]
    assert there(engine, Store(), runs, said).left == []
    made: dict[int, set[str]] = {}
    for run in runs:
        record = Store().record(run.key(digest("shapes")))
        assert record is not None
        made.setdefault(run.seed, set()).add(record["provenance"]["cpu"])
    assert {len(kinds) for kinds in made.values()} == {1}
    assert set().union(*made.values()) == {"EPYC", "Xeon"}


# --- no cluster


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    monkeypatch.setattr("anatomy.cluster.engine.ANSWER", 1)
    with pytest.raises(InputError) as wrong, opened(Place("scheduler", address="tcp://127.0.0.1:9")):
        pass
    said = one_line(str(wrong.value))
    assert said.startswith("no Dask scheduler answers at tcp://127.0.0.1:9 within 1 s (")
    assert said.endswith("); start one with `dask scheduler`")


def test_a_scheduler_without_workers(
    engine: Engine, threads: Any, store: Path, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "STARTING", 0.0)
    monkeypatch.setattr(Engine, "threads", lambda self: {})
    with pytest.raises(InputError, match="has no worker; start one with `dask worker inproc://.* --nthreads 1`"):
        there(engine, Store())
    assert not store.exists() or not list(store.iterdir())


def test_every_worker_goes_and_none_comes(
    engine: Engine, store: Path, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conductor, "ALONE", 0.5)
    hold, asked, threads = threading.Event(), threading.Event(), Engine.threads
    monkeypatch.setattr(remote, "train_one", lambda task: (asked.set(), hold.wait(30)))
    monkeypatch.setattr(Engine, "threads", lambda self: {} if asked.is_set() else threads(self))
    try:
        with pytest.raises(RunFailed, match="4 of 4 runs failed, first .*: there was no worker for"):
            there(engine, Store())
    finally:
        hold.set()


def test_workers_that_were_not_seen_for_a_moment_are_taken_on_again(
    engine: Engine, store: Path, apart: None, monkeypatch: pytest.MonkeyPatch, alone: dict[str, Any]
) -> None:
    """The scheduler did not answer once, while all were at their runs."""
    began, unseen, threads = threading.Event(), [], Engine.threads

    def seen(self: Engine) -> dict[str, int]:
        if began.is_set() and not unseen:
            unseen.append(1)
            return {}
        return threads(self)

    monkeypatch.setattr(remote, "train_one", lambda task: (began.set(), training.train_one(task))[1])
    monkeypatch.setattr(Engine, "threads", seen)
    monkeypatch.setattr(conductor, "LOOK", 0.0)
    there(engine, Store())
    assert unseen
    assert tables_of(Store()) == alone
