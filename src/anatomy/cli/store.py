"""`anatomy store`: the runs on disk."""

import argparse
import json
from dataclasses import asdict

from anatomy.cli import verify
from anatomy.cli.flags import check_no_rest, size_in_bytes
from anatomy.cli.parser import Parser, common_flags
from anatomy.storage.store import Store


def flags(parser: Parser) -> None:
    parser.add_argument("action", choices=["list", "verify", "prune"])
    parser.add_argument("--keep", default="1G", help="prune: bytes that may stay, such as 500M or 1G (default 1G)")
    common_flags(parser, "store", "json")


def main(known: argparse.Namespace, rest: list[str]) -> int:
    check_no_rest(rest)
    store = Store(known.store)
    if known.action == "prune":
        for name in store.prune(size_in_bytes(known.keep)):
            print(f"deleted {name}")
        return 0
    rows = verify.verified(store) if known.action == "verify" else verify.listed(store)
    text = "\n".join(map(str, rows)) or "the store is empty"
    print(json.dumps([asdict(row) for row in rows]) if known.json else text)
    return 1 if any(row.damaged for row in rows) else 0
