"""The parameters of a study, parsed and checked, with the preset's value for those not given."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from anatomy import data, studies
from anatomy.cluster.address import Place, place_of
from anatomy.errors import InputError, NotPublished, to_terminal
from anatomy.hardware.machine import Machine
from anatomy.paths import given_path
from anatomy.runs import option_types
from anatomy.runs.arm import Arm, runs_of
from anatomy.runs.config import Run
from anatomy.settings import Settings
from anatomy.storage.record import Record, published
from anatomy.storage.store import Store
from anatomy.study import presets
from anatomy.study.parameters import COMMON, parse_grid
from anatomy.verdicts.designs import seeds_of
from anatomy.verdicts.power import LEAST

PUBLISHED = Path(__file__).parents[3] / "records"
DEFAULTS = {"preset": "laptop", "device": "auto", "records": "compare"}  # of the rest: None, what the preset has

FIGURE = 3  # seeds of an arm that only a figure shows, and of what accuracies are held against


@dataclass(frozen=True)
class Request:
    """A chapter at one size. Made by `of`, which raises InputError for a parameter that is unknown or invalid."""

    chapter: str
    preset: presets.Preset
    dataset: str
    seeds: tuple[int, ...]
    machine: Machine
    store: Store
    records: str  # compare, use or ignore the published ones; archive: those of an earlier recipe (`Study.as_archived`)
    data_root: str | None = None
    time_limit: float | None = None  # seconds
    workers: int | None = None
    cluster: Place | None = None  # where the workers are, if not here
    grid: Settings = field(default_factory=dict)  # the chapter's own parameters
    designed: bool = False  # an arm has the first of the seeds, as many as it needs; else all of them

    @classmethod
    def of(cls, chapter: str, **given: object) -> "Request":
        """From what a notebook or a command line says; `COMMON` lists the parameters, the rest are the chapter's."""
        asked = {
            name: option_types.parse(name, given.get(name, DEFAULTS.get(name)), type_) for name, type_ in COMMON.items()
        }
        grid = parse_grid(chapter, {name: value for name, value in given.items() if name not in COMMON})
        store = Store(asked["store"])
        if asked["preset"] == "published":
            asked |= {"records": "use", "preset": _largest_published(chapter, asked, grid)}
        preset = presets.load(asked["preset"]).of(chapter)
        dataset = asked["dataset"] or preset.dataset
        seeds, designed = _seeds(preset, asked["seeds"])
        if asked["data_root"]:
            given_path(asked["data_root"], "data_root")
            if not asked["dataset"] and dataset == data.EMBEDDED:  # YAML reads the name null as none
                to_terminal(f"data_root is not used: no dataset is named, and the preset's {dataset} is embedded")
        cluster = _cluster(asked)
        machine = Machine(asked["device"] or "auto", preset.precision, compile=preset.compile)
        rest = {name: asked[name] for name in ("records", "data_root", "time_limit", "workers")}
        request = cls(
            chapter, preset, dataset, seeds, machine, store, cluster=cluster, grid=grid, designed=designed, **rest
        )
        return replace(request, seeds=seeds[: max(map(needed, request.arms()))]) if designed else request

    @property
    def trains(self) -> bool:
        """Whether its numbers come from the store, where what is lacking is trained, and not from records/ alone."""
        return self.records not in ("use", "archive")

    @property
    def base(self) -> Settings:
        """The setting from which each arm departs."""
        return self.preset.run | {"dataset": self.dataset}

    def runs(self) -> list[Run]:
        """Those that the chapter asks for."""
        return [run for _, runs in self.runs_by_arm() for run in runs]

    def runs_by_arm(self) -> list[tuple[Arm, list[Run]]]:
        """The chapter's arms, each with its runs."""
        return [(arm, self.runs_of(arm)) for arm in self.arms()]

    def runs_of(self, arm: Arm) -> list[Run]:
        """An arm with its seeds."""
        return runs_of([arm], self.seeds, needed if self.designed else None, self.data_digest if arm.uses else "")

    def arms(self) -> list[Arm]:
        """What is run with several seeds each."""
        make: Callable[..., list[Arm]] = studies.load(self.chapter).arms
        return make(self.base, full=self.preset.full, **self.grid)

    def floors(self) -> list[Run]:
        """What the accuracies among them are held against."""
        make: Callable[..., list[Run]] = studies.load(self.chapter).floors
        seeds = self.seeds[:FIGURE] if self.designed else self.seeds
        return make(self.base, seeds=seeds, full=self.preset.full) if self.preset.floors else []

    @cached_property
    def data_digest(self) -> str:
        """The same, found once."""
        return self.digest()

    def digest(self) -> str:
        """Of the data."""
        return data.digest(self.dataset, self.data_root)

    def published(self) -> dict[str, Record]:
        """Published records by key."""
        return published(PUBLISHED) if PUBLISHED.is_dir() and self.records != "ignore" else {}


def needed(arm: Arm) -> int:
    """Seeds of an arm: the most that a claim needs that reads it."""
    return FIGURE if arm.figure else max(map(seeds_of, arm.claims), default=LEAST)


def _seeds(preset: presets.Preset, asked: tuple[int, ...] | None) -> tuple[tuple[int, ...], bool]:
    """Those asked for, or the preset's; and whether an arm has only as many as it needs."""
    return asked or preset.seeds, preset.designed and not asked


def _cluster(asked: Settings) -> Place | None:
    """Where the workers are; InputError for both a cluster and a number of processes here."""
    if asked["cluster"] and asked["workers"]:
        raise InputError(
            f"workers is {asked['workers']} and cluster is {asked['cluster']!r}, but a cluster says how many work; "
            "leave one of them out"
        )
    return place_of(asked["cluster"]) if asked["cluster"] else None


def _largest_published(chapter: str, asked: Settings, grid: Settings) -> str:
    """The largest preset of which anything is published."""
    for name in reversed(presets.PRESETS):
        preset = presets.load(name).of(chapter)
        dataset, (seeds, designed) = asked["dataset"] or preset.dataset, _seeds(preset, asked["seeds"])
        one = Request(chapter, preset, dataset, seeds, Machine(), Store(), asked["records"], asked["data_root"],
                      grid=grid, designed=designed)  # fmt: skip
        known, there = one.digest(), one.published()
        if any(run.key(known) in there for run in one.runs()):
            return name
    raise NotPublished(f"nothing of {chapter} is published in {PUBLISHED}; try the preset laptop")
