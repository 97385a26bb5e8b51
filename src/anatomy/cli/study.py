"""`anatomy study`: a chapter's runs."""

import argparse
import sys

from anatomy import studies
from anatomy.cli.flags import flat_flags, study_help
from anatomy.cli.parser import Parser, common_flags
from anatomy.study.study import Study
from anatomy.verdicts import render


def flags(parser: Parser) -> None:
    parser.epilog = study_help()
    parser.add_argument("chapter", help=", ".join(studies.names()))
    common_flags(parser, "json")


def main(known: argparse.Namespace, rest: list[str]) -> int:
    """Train a chapter's runs and print the verdicts."""
    study = Study(known.chapter, **flat_flags(rest))
    study.request.machine.check_device()
    outcome = study.train()
    rows = study.verdicts()
    print(render.as_json(rows) if known.json else render.as_text(rows))
    if outcome.left:
        print(f"{len(outcome.left)} of {len(outcome.keys)} runs are left; the same command goes on", file=sys.stderr)
    return 0
