"""A study: the runs of a request, stage by stage, trained here or found in the store.

Notebooks, the book and the command line share it. It needs no torch; worker processes do.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from copy import copy
from dataclasses import replace
from functools import cached_property

from anatomy.errors import NotPublished
from anatomy.runs.config import Run
from anatomy.scheduling.sweep import Outcome, Say
from anatomy.settings import Settings
from anatomy.storage.archive import archived, archived_study
from anatomy.storage.record import Record, run_of
from anatomy.storage.tables import FLOOR
from anatomy.study import ladder, request, screening
from anatomy.study.evidence import Evidence, network_of
from anatomy.study.request import PUBLISHED, Request
from anatomy.study.train import train
from anatomy.verdicts import Tables, ledger

__all__ = ["PUBLISHED", "Study"]


class Study:
    """`Study("dictionary_size", preset="smoke")`. Raises InputError as `Request.of` does.

    What is known of its runs is found once, and anew after `train`.
    """

    def __init__(self, chapter: str, **given: object) -> None:
        self.request = request = Request.of(chapter, **given)
        self.chapter, self.preset, self.dataset = request.chapter, request.preset, request.dataset
        self.seeds, self.grid, self.store, self.base = request.seeds, request.grid, request.store, request.base
        self.digest = request.digest()
        self.arms = request.runs_by_arm()
        self.paper, self.floors = [run for _, runs in self.arms for run in runs], request.floors()

    def with_records(self, use: str) -> "Study":
        """The same runs with another use of the published records: compare, use or ignore."""
        twin = copy(self)
        twin.request = replace(self.request, records=use)
        twin.__dict__.pop("published", None)
        twin.forget()
        return twin

    def as_published(self) -> "Study | None":
        """The same runs as records/ has them; None where at most its floors are published."""
        twin = self.with_records("use")
        return twin if any(key in twin.published for key in self._own_keys[: len(self.paper)]) else None

    def with_every_arm(self) -> "Study":
        """This study, or where its preset has not every arm, the largest one that is published (if any is); where none
        has every arm, the one of an earlier recipe."""
        if self.preset.full:
            return self
        try:
            largest = Study(self.chapter, preset="published")
        except NotPublished:
            largest = self
        return largest if largest.preset.full else self.as_archived() or largest

    def as_archived(self) -> "Study | None":
        """The chapter's study as an earlier recipe asked for it, with the records of then; its runs judge nothing."""
        then = archived_study(request.PUBLISHED, self.chapter)
        if then is None:
            return None
        twin = Study(self.chapter, preset=then["preset"], dataset=then["dataset"], records="use")
        records = archived(request.PUBLISHED)
        runs = {stage: {key: run_of(records[key]) for key in keys} for stage, keys in then["stages"].items()}
        twin.paper = list(runs["paper"].values())
        twin.seeds = tuple(sorted({run.seed for run in twin.paper}))
        twin.preset = replace(twin.preset, seeds=twin.seeds)
        twin.request = replace(twin.request, preset=twin.preset, seeds=twin.seeds, records="archive")
        twin.__dict__ |= {"_stages": runs, "published": records}
        twin.__dict__.pop("_own_keys", None)
        return twin

    def key(self, run: Run) -> str:
        return run.key(self.digest)

    @cached_property
    def _own_keys(self) -> list[str]:
        """Of the common settings, then of the floors: the same whatever the store holds, so a twin has them too."""
        return [self.key(run) for run in (*self.paper, *self.floors)]

    @cached_property
    def stages(self) -> dict[str, list[Run]]:
        """paper: the common settings; floor: what accuracies are held against; the rungs of the ladder. Of arms that a
        claim calls better: screen, final and best, each as far as it follows from the runs that there are."""
        stages = {"paper": self.paper} | ({FLOOR: self.floors} if self.floors else {})
        stages |= ladder.stages(self.request, self.arms)
        if not self.tuned:
            return stages
        trials = {name: [run for one in self.tuned for run in getattr(one, name)] for name in ("screen", "final")}
        return stages | trials | {"best": screening.at_own_best(self.tuned, self.request.runs_of)}

    @cached_property
    def tuned(self) -> list[screening.Tuned]:
        """The tuning of each arm that is compared at its own best, as far as it is known; only a full study has any."""
        arms = [arm for arm, _ in self.arms if arm.tuned] if self.preset.full else []
        return [screening.tune(arm, self._accuracies, self.key) for arm in arms]

    def _accuracies(self, trials: list[Run]) -> dict[str, float]:
        """By key, of those that there are."""
        records = self._records(self._keyed(trials))
        return {key: float(record["tables"]["knn"]["accuracy"][0]) for key, record in records}

    @cached_property
    def _stages(self) -> dict[str, dict[str, Run]]:
        return {name: self._keyed(runs) for name, runs in self.stages.items()}

    @cached_property
    def _by_key(self) -> dict[str, Run]:
        return {key: run for stage in self._stages.values() for key, run in stage.items()}

    @property
    def runs(self) -> list[Run]:
        """Of all stages that are known by now, each run once."""
        return list(self._by_key.values())

    @property
    def keys(self) -> list[str]:
        return list(self._by_key)

    @cached_property
    def published(self) -> dict[str, Record]:
        """Published records by key."""
        return self.request.published()

    @cached_property
    def evidence(self) -> Evidence:
        """The records that this study rests on: the store's, or where nothing is trained the published ones."""
        stages = {name: list(runs) for name, runs in self._stages.items()}
        found = dict(self._records(self._by_key))
        return Evidence(self.request, network_of(self.paper[0]), stages, found)

    @property
    def begun(self) -> bool:
        """Whether there is any run of its common settings, or a floor; the other stages need not be known for it."""
        return any(self._records(self._own_keys))

    @property
    def found(self) -> dict[str, Record]:
        return self.evidence.found

    @property
    def tables(self) -> Tables:
        return self.evidence.tables

    def as_evidence(self) -> ledger.Study:
        return self.evidence.judged

    def verdicts(self) -> list[ledger.Row]:
        return self.evidence.verdicts

    def provenance(self) -> Settings:
        return self.evidence.provenance()

    def train(self, *, executor: Executor | None = None, say: Say | None = None) -> Outcome:
        """Train what is lacking (nothing where published records are used, or archived ones)."""
        if not self.request.trains:
            return Outcome(self.keys, [])
        return train(self, executor=executor, say=say)

    def forget(self) -> None:
        """What is known of the store: it is looked at anew."""
        for known in ("stages", "tuned", "_stages", "_by_key", "evidence"):
            self.__dict__.pop(known, None)

    def _keyed(self, runs: list[Run]) -> dict[str, Run]:
        return {self.key(run): run for run in runs}

    def _records(self, keys: Iterable[str]) -> Iterator[tuple[str, Record]]:
        """The runs among these that are there, by key; a store is asked once which it has."""
        get = self.store.record if self.request.trains else self.published.get
        there = {*self.store.keys()} if self.request.trains else self.published.keys()
        found = ((key, get(key)) for key in keys if key in there)
        return ((key, record) for key, record in found if record is not None)
