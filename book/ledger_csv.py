"""The verdicts of a claim as a file for a spreadsheet: a line a verdict, and a line for each of its parts."""

import csv
import io
from collections.abc import Iterator, Sequence

from anatomy.verdicts.claim import part_of
from anatomy.verdicts.combine import flat_parts
from anatomy.verdicts.ledger import Row
from wording import deciding, note

HEAD = ("claim", "preset", "dataset", "network", "part", "verdict", "estimate", "low", "high", "n", "unit", "holm",
        "note", "runs")  # fmt: skip


def ledger_files(rows: Sequence[Row]) -> dict[str, str]:
    """By file name: one a claim, and all of them together."""
    return {f"{row.claim.id}.csv": as_csv([row]) for row in rows} | {"all.csv": as_csv(rows)}


def as_csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(line for row in rows for line in lines(row))
    return text.getvalue()


def lines(row: Row) -> Iterator[tuple[object, ...]]:
    """`part` is empty in the line of the verdict itself; `runs` are the keys behind it."""
    for one in row.verdicts:
        place = (row.claim.id, one.preset, one.dataset, one.network)
        for name, verdict in {"": one.verdict, **flat_parts(one.verdict)}.items():
            part = part_of(row.claim, name) if name else deciding(row.claim, one.verdict)[1]
            numbers = (verdict.estimate, verdict.low, verdict.high, verdict.n, part.shown_unit)
            holm = "" if name or one.holm is None else one.holm
            said = note(verdict, one.verdict)
            yield (*place, name, verdict.word, *numbers, holm, said, " ".join(sorted(verdict.keys)))
