"""Many runs: each is trained once, in worker processes, in the order given; what the store has is not trained again.

Any `concurrent.futures` executor serves; our own workers (`processes`) train one run at a time on their own threads.
"""

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import Any

from anatomy import data
from anatomy.config import Run
from anatomy.errors import InputError, RunFailed, to_terminal
from anatomy.limits import refuse_beyond_memory, refuse_unfit
from anatomy.machine import Machine
from anatomy.precision import worth_timing
from anatomy.processes import pool, results, why
from anatomy.provenance import said_otherwise
from anatomy.record import plain
from anatomy.source import source_digest
from anatomy.store import Store, write_whole
from anatomy.worker import Task, compiled_speed, convolution, speed, train_one

LONG = 1200.0  # seconds of a study on all workers: below, compiling cannot pay
WORTH = 0.9  # bf16 is used where a study needs less than this share of fp32's time with it
DECIDING = 4  # kinds of run, those with most work, by which a study chooses its precision
UNHURRIED = {"seed", "epochs", "learning_rate", "weight_decay", "sgd_momentum", "warmup", "images", "measures"}
FORMS = ({"share", "compiling"}, {"fp32", "bf16"})  # of `compiled_speed` and `convolution`; `speed` has some of its own
Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """Keys in the order of the runs, and which of them the time limit left undone."""

    keys: list[str]
    left: list[str]


@dataclass(frozen=True)
class Plan:
    """What training the missing runs will cost here."""

    precision: str
    compile: str
    seconds: dict[str, float]  # of each run's steps, by key
    bytes: float

    def minutes(self, width: int) -> float:
        return sum(self.seconds.values()) / width / 60


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
        refuse_unfit(run, data_root)
    deadline = None if time_limit is None else time.time() + time_limit
    blank = Task({}, str(store.root), data_root, machine, rules or {}, deadline)
    tasks = {task.key: task for task in (replace(blank, content=run.content()) for run in runs)}
    missing = {key: task for key, task in tasks.items() if not finished(store, key, task.run)}
    futures: dict[Future[Any], str] = {}
    if missing:
        store.refuse_unwritable()
        for task in missing.values():
            refuse_beyond_memory(task.run)
        try:
            with pool(executor, workers, machine, deadline) as (processes, width, machine):
                tasks = {key: replace(task, machine=machine) for key, task in tasks.items()}
                plan = make_plan(tasks, {key: tasks[key] for key in missing}, store, processes, width)
                say(announcement(plan, len(missing), len(tasks), width, machine))
                chosen = replace(machine, precision=plan.precision, compile=plan.compile)
                futures = {processes.submit(train_one, replace(tasks[key], machine=chosen)): key for key in missing}
                follow(futures, plan, store, width, say)
        except TimeoutError:  # while steps were timed: no run has begun
            return Outcome(list(tasks), list(missing))
    done = outcome(list(tasks), futures, store)
    records = {key: record for key in done.keys if (record := store.record(key, quiet=True))}
    if differing := said_otherwise({key: record["provenance"] for key, record in records.items()}, asked):
        say(differing)
    return done


def finished(store: Store, key: str, run: Run) -> bool:
    """Whether the store has the run, made by code like today's (other code: a worker replays its first steps)."""
    record = store.record(key, quiet=True)
    return record is not None and source_digest(run) in record["provenance"]["sources"]


def make_plan(tasks: dict[str, Task], missing: dict[str, Task], store: Store, processes: Executor, width: int) -> Plan:
    """What is best for all runs here, and what the missing ones will cost: a few steps of each kind are timed.

    One precision for a whole study, and compiled or not: arms that are compared must not differ in it. So it follows
    from all the tasks, also where some of them were finished by an earlier call.
    """
    steps = {key: data_steps(task) for key, task in tasks.items()}
    precision = best_precision(tasks, steps, store, processes)
    chosen = {key: replace(t, machine=replace(t.machine, precision=precision)) for key, t in tasks.items()}
    known = read_timings(store)
    asked = {key: kind_of(task) for key, task in tasks.items()}
    kinds = {key: asked[key] if precision in known.get(asked[key], ()) else kind_of(t) for key, t in chosen.items()}
    # Also of those that decide nothing: a run that cannot be is refused before another begins.
    known = timings(store, {kinds[key]: t for key, t in chosen.items()}, partial(speed, steps=1), processes)
    seconds = {key: steps[key] * known[kind][precision] + 1 for key, kind in kinds.items()}
    compiled = compilation(chosen, seconds, store, processes, width)
    size = sum(known[kinds[key]]["bytes"] for key in missing)
    return Plan(precision, compiled, {key: seconds[key] for key in missing}, size)


def best_precision(tasks: dict[str, Task], steps: dict[str, int], store: Store, processes: Executor) -> str:
    """That which was asked for, or that alone may be quick here (`precision.worth_timing`); else the quicker one by the
    kinds of run that see most pixels, timed in both."""
    one = next(iter(tasks.values()))
    if one.machine.precision != "auto":
        return one.machine.precision
    kind = convolution_kind(one)
    worth = worth_timing(timings(store, {kind: one}, convolution, processes)[kind])
    if len(worth) == 1:
        return worth[0]
    kinds = {key: kind_of(task) for key, task in tasks.items()}
    pixels = dict.fromkeys(kinds.values(), 0)
    for key, task in tasks.items():
        pixels[kinds[key]] += steps[key] * task.run.batch_size * task.run.size**2
    deciding = sorted(pixels, key=lambda kind: (-pixels[kind], kind))[:DECIDING]
    known = timings(store, {kind: tasks[key] for key, kind in kinds.items() if kind in deciding}, speed, processes)
    choices = set.intersection(*(set(known[kind]) & {"fp32", "bf16"} for kind in deciding))
    total = {p: sum(steps[key] * known[k][p] for key, k in kinds.items() if k in deciding) for p in choices}
    quick = "bf16" in total and ("fp32" not in total or total["bf16"] < WORTH * total["fp32"])
    return "bf16" if quick else "fp32"


def compilation(
    tasks: dict[str, Task], seconds: dict[str, float], store: Store, processes: Executor, width: int
) -> str:
    """yes where all runs together gain more by compiled steps than every worker spends on compiling.

    Measured on the kind of run that takes most of the time; a backbone is compiled anew for each batch size.
    """
    asked = next(iter(tasks.values())).machine.compile
    if asked != "auto" or sum(seconds.values()) / width < LONG:
        return "no" if asked == "auto" else asked
    kinds = {key: f"{task.machine.precision}, compiled: {kind_of(task)}" for key, task in tasks.items()}
    longest = max(tasks, key=lambda key: sum(seconds[k] for k in tasks if kinds[k] == kinds[key]))
    found = timings(store, {kinds[longest]: tasks[longest]}, compiled_speed, processes)[kinds[longest]]
    graphs = {(str(task.run.backbone), task.run.batch_size, task.run.size) for task in tasks.values()}
    gained = sum(seconds.values()) * (1 - found["share"])
    return "yes" if gained > width * len(graphs) * found["compiling"] else "no"


def timings(
    store: Store, kinds: dict[str, Task], measure: Callable[[Task], dict[str, float]], processes: Executor
) -> dict[str, dict[str, float]]:
    """What this store knows of kinds, and of these what `measure` says: asked of a worker once, and kept.

    TimeoutError at the deadline of the tasks; what was measured by then is kept for the next call.
    """
    known = read_timings(store)
    lacking = {kind: task for kind, task in kinds.items() if not answers(kind, known.get(kind, {}), task)}
    asked = {kind: processes.submit(measure, task) for kind, task in lacking.items()}
    try:
        results(list(asked.values()), next(iter(kinds.values())).deadline)
    except TimeoutError:
        keep(store, asked)
        raise
    return keep(store, asked) if asked else known


def keep(store: Store, asked: dict[str, Future[Any]]) -> dict[str, dict[str, float]]:
    """All that is known, with what was measured now written down."""
    done = {kind: future for kind, future in asked.items() if future.done() and not future.cancelled()}
    new = {kind: future.result() for kind, future in done.items() if future.exception() is None}
    if not new:
        return read_timings(store)
    with store.lock("."):  # as of a run: one writer at a time, who removes what a killed one left
        known = read_timings(store) | new
        write_whole(store.root / "timings.json", json.dumps(plain(known), indent=0).encode())
    return known


def kind_of(task: Task) -> str:
    """What the time of a step depends on, as text."""
    content = {name: value for name, value in task.run.content().items() if name not in UNHURRIED}
    machine = task.machine
    return json.dumps([machine.where, machine.threads, machine.precision, content], sort_keys=True)


def convolution_kind(task: Task) -> str:
    """What the time of one convolution depends on, as text."""
    return json.dumps(["convolution", task.machine.where, task.machine.threads])


def data_steps(task: Task) -> int:
    """Optimizer steps of a run."""
    run = task.run
    count = data.train_count(run.dataset, task.data_root, images=run.images, evaluate_on=run.evaluate_on)
    return run.epochs * (count // run.batch_size)


def read_timings(store: Store) -> dict[str, dict[str, float]]:
    """Earlier timings of this store; what is damaged of them is made anew."""
    try:
        known = json.loads((store.root / "timings.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {kind: timed for kind, timed in known.items() if is_timing(timed)} if isinstance(known, dict) else {}


def is_timing(timed: object) -> bool:
    """Whether it has the form of what a worker measures, with numbers that a clock can show."""
    if not isinstance(timed, dict):
        return False
    if not (timed.keys() in FORMS or {"bytes"} < timed.keys() <= {"bytes", "fp32", "bf16"}):
        return False
    return all(isinstance(number, float | int) and 0 <= number < inf for number in timed.values())


def answers(kind: str, timed: dict[str, float], task: Task) -> bool:
    """Whether these timings of a kind say what a plan for this task reads."""
    if ", compiled: " in kind:
        return "share" in timed
    if kind == convolution_kind(task):
        return timed.keys() == {"fp32", "bf16"}
    return "bytes" in timed and task.machine.precision in ("auto", *timed)


def announcement(plan: Plan, missing: int, asked: int, width: int, machine: Machine) -> str:
    """What is about to happen, before it does."""
    return (
        f"{missing} of {asked} runs to train: about {plan.minutes(width):.1f} minutes and {plan.bytes / 1e6:.0f} MB, "
        f"{width} at a time, {plan.precision}{', compiled' if plan.compile == 'yes' else ''}, on {machine.where}."
    )


def follow(futures: dict[Future[Any], str], plan: Plan, store: Store, width: int, say: Say) -> None:
    """Wait, and tell now and then how far it is and how long it will take by the pace so far."""
    began, told = time.monotonic(), time.monotonic()
    waiting = set(futures)
    while waiting:
        _, waiting = wait(waiting, timeout=1)
        if time.monotonic() - told > 5 and waiting:
            told = time.monotonic()
            share = {f: 1.0 if f.done() else store.progress(key) for f, key in futures.items()}
            done = sum(share[f] * plan.seconds[key] for f, key in futures.items()) / sum(plan.seconds.values())
            passed = told - began
            left = passed * (1 - done) / done if done > 0.02 else 60 * plan.minutes(width)
            finished_runs = len(futures) - len(waiting)
            say(f"{finished_runs} of {len(futures)} runs, {100 * done:.0f} %, about {left / 60:.1f} minutes left")


def outcome(keys: list[str], futures: dict[Future[Any], str], store: Store) -> Outcome:
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
