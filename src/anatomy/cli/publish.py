"""`anatomy publish`: finished runs into records/."""

import argparse
import json

from anatomy import studies
from anatomy.cli.flags import check_no_rest
from anatomy.cli.parser import Parser, common_flags
from anatomy.errors import InputError
from anatomy.hardware.processors import kind
from anatomy.pages.other_processors import ROOM
from anatomy.storage.files import write_whole
from anatomy.storage.lean import as_published
from anatomy.storage.record import Record
from anatomy.study import request
from anatomy.study.study import Study
from anatomy.study.whole_units import kept_back
from anatomy.verdicts.claim import SIZES


def flags(parser: Parser) -> None:
    parser.add_argument("chapter", help=", ".join(studies.names()))
    parser.add_argument("--preset", default="laptop", help="of the study to publish (default laptop)")
    parser.add_argument("--dataset", help="if not the preset's")
    common_flags(parser, "store", "data-root")
    parser.epilog = (
        "A claim compares its arms seed by seed, so of each seed all of its runs are published, from one kind of "
        "processor, or none."
    )


def main(known: argparse.Namespace, rest: list[str]) -> int:
    check_no_rest(rest)
    options = {"store": known.store, "data_root": known.data_root, "dataset": known.dataset}
    study = Study(known.chapter, preset=known.preset, **options)
    found = study.found
    if not found:
        raise InputError(
            f"the store {study.store.root} has no run of {known.chapter} at {known.preset}; train it first"
        )
    back = kept_back(study, found)
    places = {key: place(record, study.published.get(key)) for key, record in found.items() if key not in back}
    for key, folder in places.items():
        content = json.dumps(as_published(found[key]), separators=(",", ":")).encode()
        write_whole(request.PUBLISHED / folder / f"{key}.json", content)
    total = sum(file.stat().st_size for file in request.PUBLISHED.glob("*.json"))
    print(f"{len(places)} of {len(study.keys)} runs published in {request.PUBLISHED}, {total / 1e6:.2f} MB in all")
    for why in dict.fromkeys(back.values()):
        print(f"kept back: {why}")
    for folder in sorted({*places.values()} - {""}):
        count = sum(folder == place for place in places.values())
        print(f"{count} of them in {folder}, to be compared and not judged: published before from another kind")
    if lacking := not_judged(study):
        print(f"not judged yet: {'; '.join(lacking)}")
    return 0


def place(record: Record, there: Record | None) -> str:
    """The folder below records/: none of its own, or that of the run's kind of processor, where the run is already
    published from another kind. Else a run again would change a verdict, or half of a contrast."""
    own = kind(record["provenance"])
    return "" if there is None or kind(there["provenance"]) == own else f"{ROOM}/{own}"


def not_judged(study: Study) -> list[str]:
    """`dictionary-4 (no 'knn' in the tables)`: the claims that need no larger preset and lack runs, with the reason."""
    size = SIZES.index(study.preset.name)
    return [
        f"{row.claim.id} ({one.verdict.note or 'its runs are not there'})"
        for row in study.with_records("use").verdicts()
        for one in row.verdicts
        if one.verdict.word == "not run" and SIZES.index(row.claim.min_preset) <= size
    ]
