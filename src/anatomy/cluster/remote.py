"""What a worker does: one run, or the plan of a study; and what it gives back, which is text, bytes and numbers.

Errors come back as words too: an exception of another class could not be trusted to arrive.
"""

import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from typing import ParamSpec, TypedDict, TypeVar

from anatomy.cluster import scratch
from anatomy.cluster.facts import PARSING
from anatomy.errors import InputError, RunFailed, system_error
from anatomy.hardware.machine import Machine
from anatomy.runs.source import source_digest
from anatomy.scheduling.cost import make_plan
from anatomy.scheduling.limits import check_memory, lack_of_memory
from anatomy.scheduling.others import Sent
from anatomy.scheduling.worker import Task, train_one
from anatomy.settings import Settings
from anatomy.storage.record import as_written, parsed_record
from anatomy.storage.store import Store

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Planned(TypedDict):
    """What a worker would do with some runs."""

    precision: str
    compile: str
    seconds: list[float]  # of each run
    bytes: float  # of memory


@dataclass(frozen=True)
class Order:
    """One run for a worker."""

    key: str
    content: Settings  # of the Run
    machine: Machine
    rules: dict[str, str]
    data_root: str | None  # there
    store: str | None = None  # the submitter's, where the worker sees it
    seconds_left: float | None = None  # clocks of two machines differ, so no time of day
    weights: bool = False
    delivered: tuple[str, ...] = ()  # runs that the submitter has by now
    known: bytes = b""  # its record of this run, made by other code: its first steps are replayed
    others: Sent = field(default_factory=dict)  # record and weights of the runs that this one uses

    def task(self) -> Task:
        store = self.store or str(scratch.own_store().root)
        deadline = None if self.seconds_left is None else time.time() + self.seconds_left
        task = Task(self.content, store, self.data_root, self.machine, self.rules, deadline)
        return replace(task, weights=self.weights, others=self.others)


@dataclass(frozen=True)
class Returned:
    """What became of an order. `fault`: none, `time`, `run` (it would fail anywhere) or `machine` (it need not)."""

    key: str
    fault: str = ""
    why: str = ""
    record: bytes = b""
    weights: bytes = b""
    fetched: bool = False  # it was finished there before


def train(order: Order) -> Returned:
    """Called on the worker: train the run, or find it finished there."""
    task = order.task()
    store = Store(task.store)
    try:
        scratch.forget(list(order.delivered))
        with PARSING:  # what is read here is kept for the training
            source_digest(task.run)
        if task.key != order.key:
            return Returned(order.key, "machine", f"its data set is another: the run's key is {task.key} there")
        check_memory(task.run)
        if order.known and store.record(order.key, quiet=True) is None:
            store.save_record(order.key, parsed_record(order.known, order.key))
        fetched = store.record(order.key, quiet=True) is not None
        train_one(task)
    except TimeoutError as error:
        return Returned(order.key, "time", str(error))
    except RunFailed as error:
        return Returned(order.key, _fault(error, task), str(error))
    except InputError as error:
        return Returned(order.key, "machine", str(error))
    except OSError as error:  # a full disk, most of all
        return Returned(order.key, "machine", system_error(error))
    return replace(_finished(order, store), fetched=fetched)


def _fault(error: RunFailed, task: Task) -> str:
    """Memory that one machine lacks another may have; a loss that is no number is none anywhere."""
    cause = error.__cause__
    short = isinstance(cause, Exception) and lack_of_memory(cause, task.run, task.machine.device)
    return "machine" if short else "run"


def _finished(order: Order, store: Store) -> Returned:
    record = store.record(order.key)
    if record is None:
        return Returned(order.key, "machine", f"its record is no longer in {store.root}")
    sent = order.weights and order.store is None
    weights = store.folder(order.key) / "checkpoint"
    return Returned(order.key, record=as_written(record), weights=weights.read_bytes() if sent else b"")


def plan(contents: list[Settings], machine: Machine, data_root: str | None, workers: int) -> Planned:
    """Called on a worker: precision and compilation for runs there, and the seconds of each, in their order.

    Timings are kept in the worker's scratch folder, by the name of its processor.
    """
    store = scratch.own_store()
    machine = replace(machine, threads=machine.threads or 1).resolved()
    blank = Task({}, str(store.root), data_root, machine, {})
    tasks = {str(at): replace(blank, content=content) for at, content in enumerate(contents)}
    made = make_plan(tasks, tasks, store, Inline(), workers)
    seconds = [made.seconds[key] for key in tasks]
    return {"precision": made.precision, "compile": made.compile, "seconds": seconds, "bytes": made.bytes}


class Inline(Executor):
    """Does the work at once, in this thread."""

    def submit(self, function: Callable[Given, Result], /, *given: Given.args, **named: Given.kwargs) -> Future[Result]:
        future: Future[Result] = Future()
        try:
            future.set_result(function(*given, **named))
        except Exception as error:
            future.set_exception(error)
        return future
