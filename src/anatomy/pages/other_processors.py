"""The same runs from other kinds of processor: compared with the published ones, and never judged for the ledger.

records/other-processors/<kind>/<key>.json
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from anatomy.claims import all_claims
from anatomy.hardware.processors import kind, kinds, minutes, on_card
from anatomy.storage.record import Record, Table, published
from anatomy.storage.tables import FLOOR, numbers
from anatomy.study.evidence import Evidence
from anatomy.verdicts.ledger import Judged, Row, ledger

ROOM = "other-processors"
Others = Mapping[str, Mapping[str, Record]]  # records by kind, then by key
SIDE = ("kind", "verdict", "estimate", "low", "high")
VERDICTS = ["claim", "preset", "dataset", "runs", *SIDE, *(f"other_{name}" for name in SIDE), "same"]
MINUTES = ["chapter", "preset", "runs", "kind", "minutes", "other_kind", "other_minutes", "ratio"]
NUMBERS = ["key", "table", "quantity", "kind", "published", "other_kind", "other", "difference"]


def other_records(records: Path) -> dict[str, dict[str, Record]]:
    """By kind and key; `records` is the folder of the published ones."""
    return {folder.name: published(folder) for folder in sorted((records / ROOM).glob("*")) if folder.is_dir()}


def verdicts_by_kind(evidence: Evidence, others: Others) -> pd.DataFrame:
    """Each verdict beside that of the same runs from another kind, where this has all of them: columns VERDICTS.

    Floors, which nothing trains, are the published ones where the other kind has none of its own.
    """
    floors = {*evidence.stages.get(FLOOR, ())}
    there = {name: {key: records[key] for key in evidence.found if key in records} for name, records in others.items()}
    rows = []
    for name, own in there.items():
        below = {key: record for key, record in evidence.found.items() if key in floors and key not in own}
        again = _judged(replace(evidence, found=own | below)) if own else {}
        for id, one in _by_id(evidence.verdicts).items() if own else ():
            if one.runs and {*one.runs} - floors <= own.keys():
                made = kinds(evidence.found[key]["provenance"] for key in one.runs if key not in floors)
                rows.append(_beside(id, one, ", ".join(made), again[id], name))
    return pd.DataFrame(rows, columns=VERDICTS)


def numbers_by_kind(records: Mapping[str, Record], others: Others) -> pd.DataFrame:
    """What runs measured as one number (tables of one row), beside the other kind's: columns NUMBERS."""
    rows = [
        (key, table, quantity, kind(records[key]["provenance"]), here, name, there, there - here)
        for name, again in others.items()
        for key in records.keys() & again.keys()
        for table, quantity, here, there in _singles(records[key]["tables"], again[key]["tables"])
    ]
    # What a method does not have, such as a predictor's spread, is no number on either side.
    found = pd.DataFrame(rows, columns=NUMBERS).dropna(subset="difference")
    return found.sort_values(["other_kind", "table", "quantity", "key"])


def minutes_by_kind(studies: Iterable[Evidence], others: Others) -> pd.DataFrame:
    """Minutes of one core that the runs of a study took, beside those of the same runs from another kind: columns
    MINUTES; `ratio` is the other kind's over the published ones'. Floors, which nothing trains, are left out, and so
    are cards, whose minutes are others."""
    rows = []
    for evidence in studies:
        of_study, trained = evidence.request, evidence.found.keys() - evidence.stages.get(FLOOR, ())
        for name, again in others.items():
            both = [(evidence.found[key]["provenance"], again[key]["provenance"]) for key in trained & again.keys()]
            pairs = [pair for pair in both if not any(map(on_card, pair))]
            for made in kinds(here for here, _ in pairs):
                took = [(minutes(here), minutes(there)) for here, there in pairs if kind(here) == made]
                here, there = map(sum, zip(*took, strict=True))
                rows.append((of_study.chapter, of_study.preset.name, len(took), made, here, name, there, there / here))
    return pd.DataFrame(rows, columns=MINUTES)


def _judged(evidence: Evidence) -> dict[str, Judged]:
    """Without the ladder, which takes as long as all the rest and is not compared."""
    return _by_id(ledger([replace(evidence.judged, climbs=())], all_claims(evidence.request.chapter)))


def _by_id(rows: Iterable[Row]) -> dict[str, Judged]:
    return {row.claim.id: one for row in rows for one in row.verdicts}


def _beside(id: str, one: Judged, kind: str, other: Judged, other_kind: str) -> tuple[object, ...]:
    here, there = one.verdict, other.verdict
    sides = [(of, v.word, v.estimate, v.low, v.high) for of, v in ((kind, here), (other_kind, there))]
    return (id, one.preset, one.dataset, len(one.runs), *sides[0], *sides[1], here.word == there.word)


def _singles(here: Mapping[str, Table], there: Mapping[str, Table]) -> Iterator[tuple[str, str, float, float]]:
    for name in here.keys() & there.keys():
        for column in here[name].keys() & there[name].keys():
            both = [numbers(value) for value in _only(here[name][column], there[name][column])]
            if both and all(isinstance(value, float) for value in both):
                yield name, column, float(str(both[0])), float(str(both[1]))


def _only(*columns: list[object]) -> Iterable[object]:
    """The one entry of each; nothing where one of them has several."""
    return [column[0] for column in columns] if all(len(column) == 1 for column in columns) else []
