"""The workers of a study: each is asked once what it is, and each kind of processor what the runs take on it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from anatomy.cluster import remote, scratch
from anatomy.cluster.engine import Engine
from anatomy.cluster.facts import Facts, Question
from anatomy.cluster.kind import group, label
from anatomy.cluster.pace import Worker
from anatomy.cluster.recruit import Ours, recruit, second_on_a_card
from anatomy.cluster.split import Split, best_split
from anatomy.errors import InputError, RunFailed
from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.settings import Settings
from anatomy.storage.store import Store

Result = TypeVar("Result")
Kept = dict[str, str]  # what `scratch.kept` says
PLANNING = 1800.0  # seconds: some steps of every kind of run are timed


class WorkerLost(RuntimeError):
    """A worker was gone before it had answered."""


@dataclass(frozen=True)
class Member:
    """A worker that takes part."""

    facts: Facts
    machine: Machine  # with precision and compilation chosen
    worker: Worker


@dataclass(frozen=True)
class KindPlan:
    """What the runs take on one kind of processor."""

    label: str
    machine: Machine
    seconds: Mapping[str, float]  # by key
    at_once: int  # runs at a time of one worker


class Team:
    """`hire` may be called from another thread; nothing here changes but what `hire` finds."""

    def __init__(self, engine: Engine, question: Question, machine: Machine, runs: Mapping[str, Run]) -> None:
        self.engine, self.question, self.machine, self.runs = engine, question, machine, runs
        self.ours = Ours.of(question)
        self.plans: dict[str, KindPlan] = {}  # by group
        self.refused: dict[str, str] = {}  # by address
        self.cards: dict[str, str] = {}  # by address

    def hire(self, addresses: Sequence[str]) -> tuple[list[Member], dict[str, Kept]]:
        """Those of the workers that take part, and the runs that each has kept from an earlier command."""
        asked, self.refused = recruit(self.engine, addresses, self.question, self.ours)
        here = self.engine.threads()
        self.refused |= second_on_a_card(
            asked, {address: card for address, card in self.cards.items() if address in here}
        )
        found = {address: facts for address, facts in asked.items() if address not in self.refused}
        for address, facts in list(found.items()):
            if group(facts) not in self.plans:
                try:
                    self.plans[group(facts)] = self._plan(address, facts)
                except WorkerLost as gone:  # the next of its kind is asked
                    self.refused[address] = str(gone)
                    del found[address]
        kept = self.engine.on_each(scratch.kept, workers=found, within=60.0)
        members = [self._member(address, facts) for address, facts in found.items()]
        self.cards |= {address: facts.card for address, facts in found.items() if facts.card}
        return members, {address: said for address, said in kept.items() if isinstance(said, dict)}

    def _member(self, address: str, facts: Facts) -> Member:
        plan = self.plans[group(facts)]
        worker = Worker(address, facts.nanny, plan.label, plan.at_once)
        return Member(facts, plan.machine, worker)

    def _plan(self, address: str, facts: Facts) -> KindPlan:
        """Of one of each kind of run that differs by more than its seed, on one worker. RunFailed where it cannot."""
        places: dict[str, int] = {}  # what each kind of run is told by, which is long: a key remembers its number
        of = {key: places.setdefault(alike(run), len(places)) for key, run in self.runs.items()}
        first: dict[int, Run] = {}
        for key, at in of.items():
            first.setdefault(at, self.runs[key])
        contents = [run.content() for run in first.values()]
        machine, seconds = self._timed(address, facts, contents, self.machine.threads or 1)
        split = Split(1, machine.threads)
        if facts.threads > 1:
            longest = contents[max(range(len(contents)), key=seconds.__getitem__)]
            asked = replace(machine, threads=self.machine.threads)
            split = self._asked(best_split, longest, asked, facts.data_root, facts.threads, worker=address)
        if split.threads != machine.threads:
            machine, seconds = self._timed(address, facts, contents, split.threads)
        return KindPlan(label(facts, machine), machine, {key: seconds[at] for key, at in of.items()}, split.runs)

    def _timed(self, address: str, facts: Facts, contents: list[Settings], threads: int) -> tuple[Machine, list[float]]:
        """The machine with precision and compilation chosen there, and the seconds of each run."""
        # Compiling pays by the time of the whole study: the samples are a share of it, on a share of the workers.
        workers = max(1, round(len(self.engine.threads()) * len(contents) / max(1, len(self.runs))))
        machine = replace(self.machine, threads=threads)
        made = self._asked(remote.plan, contents, machine, facts.data_root, workers, worker=address)
        return replace(machine, precision=made["precision"], compile=made["compile"]), made["seconds"]

    def _asked(self, function: Callable[..., Result], *given: object, worker: str) -> Result:
        said = self.engine.on_each(function, *given, workers=[worker], within=PLANNING)[worker]
        if isinstance(said, Exception):
            raise said if isinstance(said, RunFailed | InputError) else WorkerLost(f"it does not plan: {said}")
        return said


def alike(run: Run) -> str:
    """The same for runs that differ in seed, or in which run's weights they use."""
    said = repr([(name, getattr(run, name)) for name in run.model_fields_set - {"seed"}])
    for other in run.others:
        said = said.replace(other, "another run")
    return said


def question_about(store: Store, dataset: str, digest: str, data_root: str | None, device: str) -> Question:
    """With the name of a file that is laid into the store, by which a worker with the same disk is known."""
    root = None if data_root is None else str(Path(data_root).expanduser().absolute())
    return Question(dataset, digest, root, device, str(store.root.absolute()), f".{uuid4().hex}.shared")


@contextmanager
def laid(store: Store, token: str) -> Iterator[None]:
    """A file in the store, while workers are asked whether they see it."""
    there = store.root.exists()
    store.root.mkdir(parents=True, exist_ok=True)
    (store.root / token).touch()
    try:
        yield
    finally:
        (store.root / token).unlink(missing_ok=True)
        if not there:
            with suppress(OSError):  # something was finished
                store.root.rmdir()
