"""Train many runs, each once, in worker processes and in the order given; what the store has is not trained again.

Any `concurrent.futures` executor will do; our own workers (`processes`) train one run at a time on their own threads.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, replace

from anatomy import data
from anatomy.errors import InputError, RunFailed, to_terminal
from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.runs.source import source_digest
from anatomy.scheduling.cost import Plan, make_plan
from anatomy.scheduling.limits import check_memory, check_run
from anatomy.scheduling.others import check_others, generations, has_weights, needed
from anatomy.scheduling.processes import pool, why
from anatomy.scheduling.worker import Task, train_one
from anatomy.storage.provenance import said_otherwise
from anatomy.storage.store import Store

Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """Keys in the order of the runs, and which of them the time limit left undone."""

    keys: list[str]
    left: list[str]


def sweep(
    runs: Sequence[Run],
    store: Store,
    *,
    data_root: str | None = None,
    machine: Machine | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    time_limit: float | None = None,
    rules: dict[str, str] | None = None,
    say: Say | None = None,
) -> Outcome:
    """Train what the store lacks, in `workers` processes (as many as cores, on a GPU one).

    `time_limit` in seconds: what is not finished then goes on at the next call. `rules` are the claims' digests as they
    stand now. Raises InputError before anything is written; RunFailed at the end, if a run failed; what is finished
    stays.
    """
    say, asked = say or to_terminal, machine or Machine()
    machine = replace(asked, threads=asked.threads or 1)
    for run in runs:
        check_run(run, data_root)
    keyed = {run.key(data.digest(run.dataset, data_root)): run for run in runs}
    deadline = None if time_limit is None else time.time() + time_limit
    blank = Task({}, str(store.root), data_root, machine, rules or {}, deadline)
    used = needed(keyed)
    tasks = {key: replace(blank, content=run.content(), weights=key in used) for key, run in keyed.items()}
    missing = {key: tasks[key] for key in lacking_in(store, keyed)}
    check_others({key: keyed[key] for key in missing}, keyed, store)
    futures: dict[Future[object], str] = {}
    if missing:
        store.check_writable()
        for task in missing.values():
            check_memory(task.run)
        try:
            with pool(executor, workers, machine, deadline) as (processes, at_once, machine):
                tasks = {key: replace(task, machine=machine) for key, task in tasks.items()}
                plan = make_plan(tasks, {key: tasks[key] for key in missing}, store, processes, at_once)
                say(announcement(plan, len(missing), len(tasks), at_once, machine))
                chosen = replace(machine, precision=plan.precision, compile=plan.compile)
                for keys in generations({key: keyed[key] for key in missing}):
                    futures |= {
                        submitted(processes, replace(tasks[key], machine=chosen), keyed[key], store): key
                        for key in keys
                    }
                    follow(futures, plan, store, at_once, say)
        except TimeoutError:  # while steps were timed: no run has begun
            return Outcome(list(tasks), list(missing))
    done = outcome(list(tasks), futures, store)
    records = {key: record for key in done.keys if (record := store.record(key, quiet=True))}
    if differing := said_otherwise({key: record["provenance"] for key, record in records.items()}, asked):
        say(differing)
    return done


def submitted(processes: Executor, task: Task, run: Run, store: Store) -> Future[object]:
    """The run, in a worker; it waits for the next call where one that it uses was not finished."""
    if all(has_weights(store, other) for other in run.others):
        return processes.submit(train_one, task)
    waiting: Future[object] = Future()
    waiting.set_exception(TimeoutError("a run whose weights it uses is not finished"))
    return waiting


def lacking_in(store: Store, runs: Mapping[str, Run]) -> list[str]:
    """Keys of the runs that are to be trained: those not finished, and those of which others use the weights and only
    the record is there."""
    used = {other for key, run in runs.items() for other in run.others if not finished(store, key, run)}
    return [
        key for key, run in runs.items()
        if not finished(store, key, run) or (key in used and not has_weights(store, key))
    ]  # fmt: skip


def finished(store: Store, key: str, run: Run) -> bool:
    """Whether the store has the run, made by code like today's (other code: a worker replays its first steps)."""
    record = store.record(key, quiet=True)
    return record is not None and source_digest(run) in record["provenance"]["sources"]


def announcement(plan: Plan, missing: int, asked: int, workers: int, machine: Machine) -> str:
    """What is about to be trained, how long it will take and where."""
    return (
        f"{missing} of {asked} runs to train: about {plan.minutes(workers):.1f} minutes and {plan.bytes / 1e6:.0f} MB, "
        f"{workers} at a time, {plan.precision}{', compiled' if plan.compile == 'yes' else ''}, on {machine.where}."
    )


def follow(futures: dict[Future[object], str], plan: Plan, store: Store, workers: int, say: Say) -> None:
    """Wait, and report every few seconds how far it is and how long it will take at the pace so far."""
    began, reported = time.monotonic(), time.monotonic()
    waiting = set(futures)
    while waiting:
        _, waiting = wait(waiting, timeout=1)
        if time.monotonic() - reported > 5 and waiting:
            reported = time.monotonic()
            share = {f: 1.0 if f.done() else store.progress(key) for f, key in futures.items()}
            done = sum(share[f] * plan.seconds[key] for f, key in futures.items()) / sum(plan.seconds.values())
            passed = reported - began
            left = passed * (1 - done) / done if done > 0.02 else 60 * plan.minutes(workers)
            finished_runs = len(futures) - len(waiting)
            say(f"{finished_runs} of {len(plan.seconds)} runs, {100 * done:.0f} %, about {left / 60:.1f} minutes left")


def outcome(keys: list[str], futures: dict[Future[object], str], store: Store) -> Outcome:
    """Which runs are finished, as the store has them in the end.

    RunFailed, with the first reason, if any failed for another reason than time, or is not in the store.
    """
    errors = {key: future.exception() for future, key in futures.items()}
    errors = {key: error for key, error in errors.items() if not vanished(error, store)}
    left = [key for key, error in errors.items() if isinstance(error, TimeoutError)]
    failed = {key: error for key, error in errors.items() if error is not None and key not in left}
    for error in failed.values():
        if isinstance(error, InputError | OSError):
            raise error
    if failed:
        key, error = next(iter(failed.items()))
        if all(isinstance(error, BrokenExecutor) for error in failed.values()):
            raise RunFailed(
                f"a worker process ended (killed, or out of memory), and {len(failed)} of {len(keys)} runs are not "
                "finished; the same command goes on"
            )
        raise RunFailed(f"{len(failed)} of {len(keys)} runs failed, first {key}: {why(error)}; finished runs are kept")
    gone = [key for key in keys if key not in left and store.record(key) is None]
    if gone:
        raise RunFailed(
            f"{len(gone)} of {len(keys)} runs are not in the store {store.root}, first {gone[0]}: "
            "it was deleted, moved or damaged meanwhile; the same command trains them again"
        )
    return Outcome(keys, left)


def vanished(error: BaseException | None, store: Store) -> bool:
    """Whether a run ended because its folder was deleted while it was trained."""
    return isinstance(error, FileNotFoundError) and str(error.filename).startswith(str(store.root))
