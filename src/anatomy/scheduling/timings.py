"""Timings kept in a store: each kind of step is timed once."""

import json
from collections.abc import Callable
from concurrent.futures import Executor, Future
from math import inf

from anatomy.scheduling.processes import results
from anatomy.scheduling.worker import Task
from anatomy.storage.files import write_whole
from anatomy.storage.record import plain
from anatomy.storage.store import Store

NO_EFFECT_ON_STEP_TIME = {
    "seed",
    "epochs",
    "learning_rate",
    "weight_decay",
    "sgd_momentum",
    "warmup",
    "images",
    "measures",
}
TIMING_FIELDS = ({"share", "compiling"}, {"fp32", "bf16"})  # of `compiled_speed` and `convolution`


def timings(
    store: Store, kinds: dict[str, Task], measure: Callable[[Task], dict[str, float]], processes: Executor
) -> dict[str, dict[str, float]]:
    """The timings of these kinds: those that the store has, and the others as a worker measures them now.

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


def keep(store: Store, asked: dict[str, Future[dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Save what was measured now; returns all known timings."""
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
    content = {name: value for name, value in task.run.content().items() if name not in NO_EFFECT_ON_STEP_TIME}
    machine = task.machine
    said = json.dumps([machine.where, machine.threads, machine.precision, content], sort_keys=True)
    for other in task.run.others:  # a teacher of another seed takes as long
        said = said.replace(other, "another run")
    return said


def convolution_kind(task: Task) -> str:
    """What the time of one convolution depends on, as text."""
    return json.dumps(["convolution", task.machine.where, task.machine.threads])


def read_timings(store: Store) -> dict[str, dict[str, float]]:
    """Earlier timings of this store, without damaged ones, which are measured again."""
    try:
        known = json.loads((store.root / "timings.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {kind: timed for kind, timed in known.items() if is_timing(timed)} if isinstance(known, dict) else {}


def is_timing(timed: object) -> bool:
    """Whether it has the form of a worker's timing, with finite numbers of at least 0."""
    if not isinstance(timed, dict):
        return False
    if not (timed.keys() in TIMING_FIELDS or {"bytes"} < timed.keys() <= {"bytes", "fp32", "bf16"}):
        return False
    return all(isinstance(number, float | int) and 0 <= number < inf for number in timed.values())


def answers(kind: str, timed: dict[str, float], task: Task) -> bool:
    """Whether these timings of a kind say what a plan for this task reads."""
    if ", compiled: " in kind:
        return "share" in timed
    if kind == convolution_kind(task):
        return timed.keys() == {"fp32", "bf16"}
    return "bytes" in timed and task.machine.precision in ("auto", *timed)
