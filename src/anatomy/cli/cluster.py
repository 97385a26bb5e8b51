"""`anatomy cluster`: what the workers of a cluster are."""

import argparse
import json

from anatomy import data
from anatomy.cli.flags import check_no_rest
from anatomy.cli.parser import Parser, common_flags
from anatomy.cluster.address import place_of, warning
from anatomy.cluster.team import question_about
from anatomy.errors import InputError, to_terminal
from anatomy.storage.store import Store


def flags(parser: Parser) -> None:
    parser.epilog = "A worker of other code or other data is left out of a study; exit code 2 where none is left."
    parser.add_argument("action", choices=["check"])
    parser.add_argument("address", help="as of --cluster: local:N, a scheduler's address, or NAME.toml")
    parser.add_argument("--dataset", default="shapes", help="that the workers should have (default shapes)")
    common_flags(parser, "store", "data-root", "device", "json")


def main(known: argparse.Namespace, rest: list[str]) -> int:
    check_no_rest(rest)
    place = place_of(known.address)
    if said := warning(place):
        to_terminal(said)
    from anatomy.cluster.check import as_text, checked

    digest = data.digest(known.dataset, known.data_root)
    question = question_about(Store(known.store), known.dataset, digest, known.data_root, known.device)
    found = checked(place, question)
    print(json.dumps(found.fields(), indent=1) if known.json else as_text(found))
    if all(worker.why for worker in found.workers):
        raise InputError(f"none of {len(found.workers)} workers would make the same runs; the lines above say why")
    return 0
