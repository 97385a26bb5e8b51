"""A study on one's own machine: its runs, their tables, what they say of the claims, and where they come from.

This is what a notebook, the book and the command line share. It needs no torch; worker processes do.
"""

import inspect
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from anatomy import claims, data, parts, presets, studies, tuning
from anatomy.config import Run
from anatomy.errors import NotPublished, to_terminal
from anatomy.machine import Machine
from anatomy.parameters import COMMON, grid_laws, lawful_grid
from anatomy.paths import given_path
from anatomy.record import Record, published
from anatomy.store import Store
from anatomy.sweep import Outcome, sweep
from anatomy.tables import tables_of
from anatomy.verdicts import ledger

PUBLISHED = Path(__file__).parents[2] / "records"


class Study:
    """The runs of a chapter at one size. Raises InputError for a parameter that is unknown or unlawful."""

    def __init__(
        self,
        chapter: str,
        *,
        preset: object = "laptop",  # these come from a notebook or a command line: COMMON parses and checks them
        dataset: object = None,
        data_root: object = None,
        seeds: object = None,
        device: object = "auto",
        store: object = None,
        records: object = "compare",
        time_limit: object = None,
        workers: object = None,
        **grid: Any,
    ) -> None:
        given = {name: value for name, value in locals().items() if name in COMMON}
        common = {name: parts.lawful(name, value, COMMON[name]) for name, value in given.items()}
        self.chapter, self.records_use = chapter, common["records"]
        self.grid = lawful_grid(chapter, grid)
        self.store = Store(common["store"])
        self.data_root, self.workers, self.time_limit = common["data_root"], common["workers"], common["time_limit"]
        if common["preset"] == "published":
            self.records_use, common["preset"] = "use", self._published_preset(common)
        self.preset = presets.load(common["preset"]).of(chapter)
        self.dataset = common["dataset"] or self.preset.dataset
        if self.data_root:
            given_path(self.data_root, "data_root")
            if not common["dataset"] and self.dataset == data.EMBEDDED:  # YAML reads the name null as none
                to_terminal(f"data_root is not used: no dataset is named, and the preset's {self.dataset} is embedded")
        self.seeds = common["seeds"] or self.preset.seeds
        self.machine = Machine(common["device"] or "auto", self.preset.precision, compile=self.preset.compile)
        self.digest = data.digest(self.dataset, self.data_root)
        self.base = self.preset.run | {"dataset": self.dataset}
        self.paper = self._runs(self.preset, self.dataset)
        # Arms that are compared for being better, by name: tuned alike, then trained at their best (see `tuning`).
        contenders = getattr(studies.load(chapter), "contenders", None) if self.preset.full else None
        self.contenders = contenders(self.base, **self._tuned_from()) if contenders else {}

    def _runs(self, preset: presets.Preset, dataset: str) -> list[Run]:
        make: Callable[..., list[Run]] = studies.load(self.chapter).runs
        return make(preset.run | {"dataset": dataset}, seeds=self.seeds, full=preset.full, **self.grid)

    def _tuned_from(self) -> dict[str, Any]:
        """The study's parameters that its `contenders` take, given or default."""
        laws = grid_laws(self.chapter)
        wanted = inspect.signature(studies.load(self.chapter).contenders).parameters
        return {name: self.grid.get(name, laws[name].default) for name in wanted if name != "base"}

    @cached_property
    def trials(self) -> list[Run]:
        """The tuning runs of all contenders."""
        arms = self.contenders.values()
        return [tuning.tuning_run(self.base, trial) for arm in arms for trial in tuning.candidates(arm)]

    @property
    def stages(self) -> dict[str, list[Run]]:
        """paper: the settings as the paper has them; tuning; best: contenders at their own best, once that is known."""
        if not self.contenders:
            return {"paper": self.paper}
        scores = {key: record["tables"]["knn"]["accuracy"][0] for key, record in self._records(self.trials).items()}
        chosen = [tuning.best(self.base, arm, scores, self.key) for arm in self.contenders.values()]
        best = [Run.of(**self.base | arm, seed=seed) for arm in chosen if arm for seed in self.seeds]
        return {"paper": self.paper, "tuning": self.trials, "best": best}

    def as_published(self) -> "Study | None":
        """The same runs as records/ has them; None where none of them is published."""
        common = {"preset": self.preset.name, "dataset": self.dataset, "data_root": self.data_root}
        twin = Study(self.chapter, **common, seeds=self.seeds, records="use", **self.grid)
        return twin if twin.found else None

    def with_every_arm(self) -> "Study":
        """This study, or where its preset has not every arm, the largest one that is published (if any is)."""
        if self.preset.full:
            return self
        try:
            return Study(self.chapter, preset="published")
        except NotPublished:
            return self

    def key(self, run: Run) -> str:
        return run.key(self.digest)

    @property
    def runs(self) -> list[Run]:
        """Of all stages that are known by now, each run once."""
        return list({self.key(run): run for stage in self.stages.values() for run in stage}.values())

    @property
    def keys(self) -> list[str]:
        return [self.key(run) for run in self.runs]

    def _published_preset(self, common: dict[str, Any]) -> str:
        """The largest preset of which anything is published."""
        for name in reversed(presets.PRESETS):
            self.preset = presets.load(name).of(self.chapter)
            self.seeds = common["seeds"] or self.preset.seeds
            dataset = common["dataset"] or self.preset.dataset
            known = data.digest(dataset, self.data_root)
            if any(run.key(known) in self.published for run in self._runs(self.preset, dataset)):
                return name
        raise NotPublished(f"nothing of {self.chapter} is published in {PUBLISHED}; try the preset laptop")

    def train(self, **options: Any) -> Outcome:
        """Train what is lacking (nothing if records='use')."""
        if self.records_use == "use":
            return Outcome(self.keys, [])
        until = None if self.time_limit is None else time.time() + self.time_limit
        while True:  # twice where arms are tuned: what is best is known only after the first time
            asked = self.runs
            outcome = sweep(
                asked,
                self.store,
                data_root=self.data_root,
                machine=self.machine,
                workers=self.workers or self.preset.workers,
                time_limit=None if until is None else max(0.0, until - time.time()),
                rules=claims.rules(),
                **options,
            )
            if outcome.left or len(self.runs) == len(asked):
                return outcome

    @cached_property
    def published(self) -> dict[str, Record]:
        """Published records by key."""
        return published(PUBLISHED) if PUBLISHED.is_dir() and self.records_use != "ignore" else {}

    @property
    def found(self) -> dict[str, Record]:
        """The records that this study rests on, by key: the store's, or with records='use' the published ones."""
        return self._records(self.runs)

    def _records(self, runs: list[Run]) -> dict[str, Record]:
        source = self.published.get if self.records_use == "use" else self.store.record
        records = {key: source(key) for key in map(self.key, runs)}
        return {key: record for key, record in records.items() if record is not None}

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`runs`, one row a run, and every table of the runs, long, with the run's settings beside its rows."""
        return tables_of(self.found, {name: list(map(self.key, runs)) for name, runs in self.stages.items()})

    @property
    def network(self) -> str:
        flat = self.paper[0].flat()
        return f"{flat['backbone']} width {flat['width']}"

    def verdicts(self) -> list[ledger.Row]:
        """The chapter's claims, judged on these runs."""
        return ledger.ledger([self.as_evidence()], claims.all_claims(self.chapter))

    def as_evidence(self) -> ledger.Study:
        found = self.found
        return ledger.Study(
            preset=self.preset.name,
            dataset=self.dataset,
            network=self.network,
            tables=self.tables,
            provenances={key: record["provenance"] for key, record in found.items()},
            asked=claims.ids(self.chapter),
            seeds=len(self.preset.seeds),
        )

    def provenance(self) -> dict[str, Any]:
        """Where the page's numbers come from."""
        found = self.found
        origins = [record["provenance"] for record in found.values()]
        said = {
            name: ", ".join(sorted({str(origin[name]) for origin in origins}))
            for name in ("commit", "device", "cpu", "torch", "precision", "threads")
        }
        first = min((origin["started"] for origin in origins), default=0.0)
        return {
            "chapter": self.chapter,
            "preset": self.preset.name,
            "dataset": self.dataset,
            "network": self.network,
            "seeds": list(self.seeds),
            "runs_done": len(found),
            "runs_asked": len(self.keys),
            **said,
            "seconds": sum(origin["seconds"] for origin in origins),
            "started": datetime.fromtimestamp(first, UTC).isoformat(timespec="seconds"),
        }
