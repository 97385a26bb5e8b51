"""`anatomy publish`: finished runs into records/."""

import argparse
import json

from anatomy import request, studies
from anatomy.cli.parser import Parser, common_flags
from anatomy.errors import InputError
from anatomy.files import write_whole
from anatomy.flags import check_no_rest
from anatomy.record import as_published
from anatomy.study import Study


def flags(parser: Parser) -> None:
    parser.add_argument("chapter", help=", ".join(studies.names()))
    parser.add_argument("--preset", default="laptop", help="of the study to publish (default laptop)")
    parser.add_argument("--dataset", help="if not the preset's")
    common_flags(parser, "store", "data-root")


def main(known: argparse.Namespace, rest: list[str]) -> int:
    check_no_rest(rest)
    options = {"store": known.store, "data_root": known.data_root, "dataset": known.dataset}
    study = Study(known.chapter, preset=known.preset, **options)
    found = study.found
    if not found:
        raise InputError(
            f"the store {study.store.root} has no run of {known.chapter} at {known.preset}; train it first"
        )
    for key, record in found.items():
        write_whole(request.PUBLISHED / f"{key}.json", json.dumps(as_published(record), separators=(",", ":")).encode())
    total = sum(file.stat().st_size for file in request.PUBLISHED.glob("*.json"))
    print(f"{len(found)} of {len(study.keys)} runs published in {request.PUBLISHED}, {total / 1e6:.2f} MB in all")
    return 0
