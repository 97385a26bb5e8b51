"""`anatomy data`: what a data set holds."""

import argparse
import json

from anatomy import data
from anatomy.cli.flags import check_no_rest
from anatomy.cli.parser import Parser, common_flags
from anatomy.errors import printable


def flags(parser: Parser) -> None:
    parser.add_argument(
        "name", help="shapes, or a name in --data-root: archive NAME.npz, image folder, torchvision set"
    )
    common_flags(parser, "data-root", "json")


def main(known: argparse.Namespace, rest: list[str]) -> int:
    check_no_rest(rest)
    dataset = data.load(known.name, known.data_root)
    facts = {
        "name": dataset.name,
        "digest": data.digest(known.name, known.data_root),
        "train": list(dataset.train_images.shape),
        "test": list(dataset.test_images.shape),
        "classes": list(dataset.class_names),
        "notes": list(dataset.notes),
    }
    if known.json:
        print(json.dumps(facts, indent=1))
        return 0
    notes = facts.pop("notes")
    lines = [*facts.items(), *(("note", printable(note)) for note in notes)]
    print("\n".join(f"{name:<8} {fact}" for name, fact in lines))
    return 0
