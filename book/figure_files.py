"""What lies beside a page: the files of its figures, their list with digests, and the records of their runs."""

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from anatomy.pages.redrawn import Drawing
from anatomy.storage.lean import as_published
from anatomy.study.evidence import Evidence

LIST = "figures.json"


def write_files(chapters: Path, chapter: str, drawings: Iterable[Drawing], studies: Iterable[Evidence]) -> None:
    """In `figures/<chapter>` and `records`, in the place of those of the former page. Of runs those that the reader
    trains: the book carries the published ones anyway."""
    folder, runs = chapters / "figures" / chapter, chapters / "records"
    shutil.rmtree(folder, ignore_errors=True)
    for made in (folder, runs):
        made.mkdir(parents=True, exist_ok=True)
    drawn = list(drawings)
    for drawing in drawn:
        for suffix, content in drawing.files.items():
            (folder / f"{drawing.of.name}{suffix}").write_bytes(content)
    trained = {key: record for study in studies if study.request.trains for key, record in study.found.items()}
    for key, record in trained.items():
        (runs / f"{key}.json").write_text(json.dumps(as_published(record), separators=(",", ":")))
    (folder / LIST).write_text(json.dumps([entry(drawing) for drawing in drawn], indent=1))


def entry(drawing: Drawing) -> dict[str, object]:
    """What the list says of a figure."""
    digests = {suffix: hashlib.sha256(content).hexdigest() for suffix, content in sorted(drawing.files.items())}
    return {"number": drawing.of.number, "name": drawing.of.name, "runs": drawing.keys, "sha256": digests}
