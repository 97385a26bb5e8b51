"""One run, in the process that trains it: lock, resume, train, measure, save.

A worker gets text and numbers and returns a key; tensors stay in its process.
"""

import io
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from anatomy import data
from anatomy.hardware.machine import Machine
from anatomy.hardware.memory import keep_freed
from anatomy.runs.config import Run, valid_run
from anatomy.runs.source import source_digest
from anatomy.scheduling.others import Sent, encoders, files_of, has_weights
from anatomy.scheduling.processes import in_one_sentence
from anatomy.storage.checkpoint import State, state_of
from anatomy.storage.files import quarantine
from anatomy.storage.record import Provenance, Record
from anatomy.storage.store import Store
from anatomy.training.replay import REPLAYED_STEPS, first_losses, same_losses

if TYPE_CHECKING:  # torch is imported where it is used: a process that only reads records does without
    from anatomy.networks.heads import Others
    from anatomy.training.state import Training

SAVE_EVERY = 5.0  # seconds: what a kill costs at most, beside the epoch it falls into


@dataclass(frozen=True)
class Task:
    """What a worker is given."""

    content: dict[str, object]  # of the Run
    store: str
    data_root: str | None
    machine: Machine
    rules: dict[str, str]  # digests of the claims as they stand before the run
    deadline: float | None = None  # seconds since 1970
    weights: bool = False  # another run uses them: a record alone is not enough
    others: Sent = field(default_factory=dict)  # files of the runs that this one uses, where they are not in the store

    @property
    def run(self) -> Run:
        return valid_run(self.content)

    @property
    def key(self) -> str:
        return self.run.key(data.digest(self.run.dataset, self.data_root))


@in_one_sentence
def train_one(task: Task) -> str:
    """Make sure that the store has this run. Raises TimeoutError, RunFailed or InputError."""
    store, key = Store(task.store), task.key
    with store.lock(key, task.deadline):
        record = store.record_to_keep(key)
        enough = has_weights(store, key) or not task.weights
        if record is not None and enough and trusted(record, task, store):
            return key
        if task.deadline is not None and time.time() > task.deadline:
            raise TimeoutError("stopped by the time limit before it began")
        store.save_record(key, Session(task, store).train())
    return key


def trusted(record: Record, task: Task, store: Store) -> bool:
    """Whether this code would still make a finished run: same source, or the same first losses.

    A record made by other code is replayed for a few steps. If they agree, this source is added to its list; if not,
    the record is quarantined as stale and the run is trained anew.
    """
    source, provenance = source_digest(task.run), record["provenance"]
    if source in provenance["sources"]:
        return True
    if not task.run.epochs:  # it has no losses to compare, and is made anew in seconds
        quarantine(store.folder(record["key"]) / "record.json", "the code has changed; it is measured anew")
        return False
    machine = replace(on_threads(task.machine), precision=provenance["precision"], compile=provenance["compile"])
    again = first_losses(task.run, machine, task.data_root, others=others_of(task, store))
    kept = [float(loss) for loss in provenance["first_losses"]]
    if same_losses(again, kept, now=machine.describe(), then=provenance):
        provenance["sources"].append(source)
        store.save_record(record["key"], record)
        return True
    folder = store.folder(record["key"])
    quarantine(
        folder / "record.json", "the code has changed, and its first steps give other losses; it is trained anew"
    )
    (folder / "checkpoint").unlink(missing_ok=True)
    return False


def others_of(task: Task, store: Store) -> "Others":
    """The trained encoders that the run uses, by key; InputError where the store lacks one, and none was sent."""
    return encoders(task.run, task.others or files_of(task.run, store))


class Session:
    """A run while this process trains it: what is saved, how often, and the time it took, kills included."""

    def __init__(self, task: Task, store: Store) -> None:
        from anatomy.training.train import prepare

        self.task, self.store, self.run, self.key = task, store, task.run, task.key
        self.source, self.started, self.before = source_digest(self.run), time.time(), 0.0
        state = self.last_state()
        machine = on_threads(task.machine)
        if state:  # a run is of one precision, and compiled from its first step or never
            machine = replace(machine, **{name: state["training"][name] for name in ("precision", "compile")})
            self.started, self.before = state["started"], state["seconds"]
        self.training = prepare(self.run, machine, task.data_root, others_of(task, store))
        if state:
            self.training.load(state["training"])
        self.clock = self.saved = time.perf_counter()
        self.reported = 0.0

    @property
    def seconds(self) -> float:
        """Of training and measuring, also in processes before this one."""
        return self.before + time.perf_counter() - self.clock

    def train(self) -> Record:
        """Go on to the end; the finished record."""
        from anatomy.training.run_tables import run_tables
        from anatomy.training.train import fit

        fit(self.training, save=self.save, tick=self.report, deadline=self.task.deadline)
        tables = run_tables(self.training)
        made: dict[str, object] = {
            **self.training.machine.describe(),
            "started": self.started,
            "seconds": self.seconds,
            "rules": self.task.rules,
            "sources": [self.source],
            "first_losses": self.training.losses[:REPLAYED_STEPS],
        }
        return {"key": self.key, "run": self.run.content(), "tables": tables, "provenance": cast(Provenance, made)}

    def save(self, training: "Training") -> None:
        """A checkpoint after an epoch, if the last is some seconds old, and after the last epoch."""
        import torch

        if training.epoch < self.run.epochs and time.perf_counter() - self.saved < SAVE_EVERY:
            return
        buffer = io.BytesIO()
        clock = {"started": self.started, "seconds": self.seconds}
        torch.save({"key": self.key, "source": self.source, "training": training.state(), **clock}, buffer)
        self.store.save_checkpoint(self.key, buffer.getvalue())
        self.saved = time.perf_counter()

    def report(self, step: int) -> None:
        """How far it is, about once a second."""
        if time.perf_counter() - self.reported > 1:
            self.store.save_progress(self.key, step, self.training.steps)
            self.reported = time.perf_counter()

    def last_state(self) -> State | None:
        """The state to resume from; one of another run or of other code is quarantined and the run begins anew."""
        payload = self.store.checkpoint(self.key)
        if payload is None:
            return None
        try:
            state = state_of(payload, self.key)
            if state["source"] != self.source:
                raise ValueError("it is of other code")
            return state
        except ValueError as damage:
            self.store.reject_checkpoint(self.key, f"{damage}; the run begins anew")
            return None


def on_threads(machine: Machine) -> Machine:
    """The machine with its device found; this process keeps what it frees, and torch its threads."""
    import torch

    machine = machine.resolved()
    if torch.get_num_threads() != machine.threads:
        torch.set_num_threads(machine.threads)
    keep_freed()
    return machine
