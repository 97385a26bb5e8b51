"""`anatomy claims`: the ledger."""

import argparse

from anatomy import claims
from anatomy.cli.flags import check_no_rest
from anatomy.cli.known import with_runs
from anatomy.cli.parser import Parser, common_flags
from anatomy.verdicts import ledger, render


def flags(parser: Parser) -> None:
    common_flags(parser, "store", "data-root", "json")


def main(known: argparse.Namespace, rest: list[str]) -> int:
    """Judge every claim on whatever the store and records/ hold."""
    check_no_rest(rest)
    rows = ledger.ledger([study.as_evidence() for study in with_runs(known)], claims.all_claims())
    print(render.as_json(rows) if known.json else render.as_text(rows))
    return 0
