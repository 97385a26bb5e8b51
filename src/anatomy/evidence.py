"""What the records of a study show: tables for its page, verdicts on its claims, and their provenance."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import pandas as pd

from anatomy import claims
from anatomy.record import Record
from anatomy.request import Request
from anatomy.tables import tables_of
from anatomy.verdicts import ledger


@dataclass(frozen=True)
class Evidence:
    """The records found of a request's runs. It does not change: after training there is new evidence."""

    request: Request
    network: str
    stages: dict[str, list[str]]  # keys of the runs asked for, by stage
    found: dict[str, Record]  # records by key

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`runs`, one row a run, and every table of the runs, long, with the run's settings beside its rows."""
        return tables_of(self.found, self.stages)

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
            by_design=self.request.preset.designed,
            order=self.request.seeds if self.request.designed else (),
        )

    @cached_property
    def verdicts(self) -> list[ledger.Row]:
        """The chapter's claims, judged on these runs."""
        return ledger.ledger([self.judged], claims.all_claims(self.request.chapter))

    def provenance(self) -> dict[str, object]:
        """Where the page's numbers come from."""
        origins = [record["provenance"] for record in self.found.values()]
        said = {
            name: ", ".join(sorted({str(origin[name]) for origin in origins}))
            for name in ("commit", "device", "cpu", "torch", "precision", "threads")
        }
        first = min((origin["started"] for origin in origins), default=0.0)
        return {
            "chapter": self.request.chapter,
            "preset": self.request.preset.name,
            "dataset": self.request.dataset,
            "network": self.network,
            "seeds": list(self.request.seeds),
            "runs_done": len(self.found),
            "runs_asked": len({key for keys in self.stages.values() for key in keys}),
            **said,
            "seconds": sum(origin["seconds"] for origin in origins),
            "started": datetime.fromtimestamp(first, UTC).isoformat(timespec="seconds"),
        }
