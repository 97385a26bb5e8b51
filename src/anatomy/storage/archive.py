"""Records of an earlier recipe: they are read and drawn, and judge nothing any more.

    records/archive/<key>.json               as records/<key>.json
    records/archive/stages/<chapter>.json    what the study asked for then, see Archived

What its accuracies were held against is trained by no recipe and may lie among the published records.
"""

import json
from pathlib import Path
from typing import TypedDict

from anatomy.storage.record import Record, published


class Archived(TypedDict):
    """The study of a chapter as it was asked for then: as JSON, the content of a file."""

    preset: str
    dataset: str
    stages: dict[str, list[str]]  # keys by stage


def archived(records: Path) -> dict[str, Record]:
    """The archived records by key, then the published ones; `records` is the folder of the published ones."""
    return published(records / "archive") | published(records)


def archived_study(records: Path, chapter: str) -> Archived | None:
    """None for a chapter of which nothing is archived."""
    try:
        found: Archived = json.loads((records / "archive" / "stages" / f"{chapter}.json").read_text("utf-8"))
    except FileNotFoundError:
        return None
    return found
