"""`anatomy plan`: the runs of a chapter with their merged settings."""

import argparse
import json

from anatomy import studies
from anatomy.cli.flags import flat_flags
from anatomy.cli.parser import Parser, common_flags
from anatomy.study import plan
from anatomy.study.study import Study


def flags(parser: Parser) -> None:
    parser.epilog = "The parameters of `anatomy study` are taken too, as in --seeds 0,1 or --temperature 0.2."
    parser.add_argument("chapter", help=", ".join(studies.names()))
    parser.add_argument("--preset", default="laptop", help="smoke, laptop, overnight, gpu (default laptop)")
    common_flags(parser, "json")


def main(known: argparse.Namespace, rest: list[str]) -> int:
    """Print every run; nothing is trained or written."""
    study = Study(known.chapter, preset=known.preset, **flat_flags(rest))
    print(json.dumps(plan.as_fields(study), indent=1) if known.json else plan.as_text(study))
    return 0
