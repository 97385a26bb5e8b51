"""`anatomy status`: how far each chapter is."""

import argparse

from anatomy.cli.known import known_studies
from anatomy.cli.parser import Parser, common_flags
from anatomy.flags import check_no_rest


def flags(parser: Parser) -> None:
    common_flags(parser, "store", "data-root")


def main(known: argparse.Namespace, rest: list[str]) -> int:
    check_no_rest(rest)
    for study in known_studies(known):
        own = sum(study.store.record(key) is not None for key in study.keys)
        there = sum(key in study.published for key in study.keys)
        print(
            f"{study.chapter:<22} {study.preset.name:<10} {study.dataset:<10} "
            f"{own} of {len(study.keys)} runs in the store, {there} published"
        )
    return 0
