"""All runs behind the book as a file for a spreadsheet, from which the page on machines can be counted again."""

import csv
import io
from collections.abc import Iterator

from anatomy.hardware.processors import kind, minutes, on_card
from anatomy.pages.other_processors import other_records
from anatomy.storage.archive import archived
from anatomy.storage.record import Record, run_of
from anatomy.study import request

HEAD = ("run", "again", "dataset", "seed", "processor", "hours", "of", "torch", "commit")


def run_list() -> str:
    """A line a run: published ones and those of earlier recipes, then the same runs `again` on other processors."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(lines())
    return text.getvalue()


def lines() -> Iterator[tuple[object, ...]]:
    if not request.PUBLISHED.is_dir():
        return
    for key, record in sorted(archived(request.PUBLISHED).items()):
        yield line(key, record, "")
    for records in other_records(request.PUBLISHED).values():
        for key, record in sorted(records.items()):
            yield line(key, record, "again")


def line(key: str, record: Record, again: str) -> tuple[object, ...]:
    """`hours` of the processor's cores, or of the card, as `of` says."""
    made, run = record["provenance"], run_of(record)
    of = "card" if on_card(made) else "cores"
    where = (kind(made), f"{minutes(made) / 60:.6g}", of, made["torch"], made["commit"])
    return (key, again, run.dataset, run.seed, *where)
