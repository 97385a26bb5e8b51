"""What the records of a study show: tables for its page, verdicts on its claims, and their provenance."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from anatomy import claims
from anatomy.runs.config import PIXELS, Run
from anatomy.storage.record import Record, run_of
from anatomy.storage.tables import FLOOR, PAPER, tables_of
from anatomy.study import ladder
from anatomy.study.request import Request
from anatomy.verdicts import Tables, ledger


def network_of(run: Run) -> str:
    """`resnet8 width 16`"""
    flat = run.flat()
    return f"{flat['backbone']} width {flat['width']}"


def networks(records: Iterable[Record]) -> str:
    """Those of the runs that have one; pixels have none."""
    runs = (run_of(record) for record in records)
    return ", ".join(sorted({network_of(run) for run in runs if run.backbone.name != PIXELS}))


@dataclass(frozen=True)
class Evidence:
    """The records found of a request's runs. It does not change: after training there is new evidence."""

    request: Request
    network: str
    stages: dict[str, list[str]]  # keys of the runs asked for, by stage
    found: dict[str, Record]  # records by key

    @property
    def archived(self) -> bool:
        """Whether its runs are of an earlier recipe: shown, and not judged."""
        return self.request.records == "archive"

    @cached_property
    def tables(self) -> Tables:
        """`runs`, one row a run, and every table of the runs, long, with the run's settings beside its rows. The runs
        of rungs stand in none."""
        return tables_of(self.found, {name: keys for name, keys in self.stages.items() if not ladder.is_rung(name)})

    @cached_property
    def rungs(self) -> dict[int, Tables]:
        """The tables of each rung by its epochs, the preset's own too, with all of its runs as the stage `paper`."""
        own, floors = self.request.base["epochs"], self.stages.get(FLOOR, [])
        stages = {epochs: ladder.stage(epochs) if epochs != own else PAPER for epochs in self.request.preset.rungs}
        return {
            epochs: tables_of(self.found, {PAPER: self.stages.get(stage, []), FLOOR: floors})
            for epochs, stage in stages.items()
        }

    @cached_property
    def judged(self) -> ledger.Study:
        """As the ledger takes it."""
        return ledger.Study(
            preset=self.request.preset.name,
            dataset=self.request.dataset,
            network=self.network,
            tables=self.tables,
            provenances={key: record["provenance"] for key, record in self.found.items()},
            asked=claims.ids(self.request.chapter),
            seeds=len(self.request.preset.seeds),
            archived=self.archived,
            rungs=self.rungs,
            climbs=ladder.climbs(self.request.chapter),
            by_design=self.request.preset.designed,
            order=self.request.seeds if self.request.designed else (),
        )

    @cached_property
    def verdicts(self) -> list[ledger.Row]:
        """The chapter's claims, judged on these runs."""
        return ledger.ledger([self.judged], claims.all_claims(self.request.chapter))

    def provenance(self, keys: Collection[str] | None = None) -> dict[str, object]:
        """Where the page's numbers come from, or those of a figure of the runs `keys`."""
        of = self.found if keys is None else {key: self.found[key] for key in keys}
        origins = [record["provenance"] for record in of.values()]
        said = {
            name: ", ".join(sorted({str(origin[name]) for origin in origins}))
            for name in ("commit", "device", "cpu", "torch", "precision", "threads")
        }
        first = min((origin["started"] for origin in origins), default=0.0)
        return {
            "chapter": self.request.chapter,
            "preset": self.request.preset.name,
            "archived": self.archived,
            "dataset": self.request.dataset,
            "network": self.network if keys is None else networks(of.values()) or self.network,
            "seeds": list(self.request.seeds) if keys is None else sorted({run_of(one).seed for one in of.values()}),
            "runs_done": len(of),
            "runs_asked": len({key for keys in self.stages.values() for key in keys}),
            **said,
            "seconds": sum(origin["seconds"] for origin in origins),
            "started": datetime.fromtimestamp(first, UTC).isoformat(timespec="seconds"),
        }
