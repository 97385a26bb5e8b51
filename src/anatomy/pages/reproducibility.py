"""What was trained where, for how long, and for which claims: a table of the published records."""

from collections.abc import Iterable

import pandas as pd

from anatomy.hardware.processors import kind, minutes, on_card
from anatomy.storage.record import Record
from anatomy.storage.tables import FLOOR
from anatomy.study.evidence import Evidence

COLUMNS = ["kind", "chapter", "preset", "dataset", "runs", "minutes", "of", "claims"]


def runs_by_kind(studies: Iterable[Evidence]) -> pd.DataFrame:
    """One row a kind of processor and study: columns COLUMNS; `minutes` are those of all cores, or of the card (`of`),
    `claims` the ids of those that were judged on these runs. Floors, which nothing trains, are left out."""
    rows = []
    for evidence in studies:
        trained = {key for stage, keys in evidence.stages.items() if stage != FLOOR for key in keys}
        made: dict[str, dict[str, Record]] = {}
        for key in trained & evidence.found.keys():
            made.setdefault(kind(evidence.found[key]["provenance"]), {})[key] = evidence.found[key]
        where = (evidence.request.chapter, evidence.request.preset.name, evidence.request.dataset)
        rows += [(name, *where, *_spent(records), _claims(evidence, records)) for name, records in made.items()]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(COLUMNS[:4], ignore_index=True)


def _spent(records: dict[str, Record]) -> tuple[int, float, str]:
    made = [record["provenance"] for record in records.values()]
    return len(made), sum(map(minutes, made)), "GPU" if any(map(on_card, made)) else "CPU"


def _claims(evidence: Evidence, records: dict[str, Record]) -> list[str]:
    return [row.claim.id for row in evidence.verdicts if any(records.keys() & {*one.runs} for one in row.verdicts)]
