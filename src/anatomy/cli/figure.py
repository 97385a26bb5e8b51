"""`anatomy figure`: a figure of the book again, from the records of its runs, or from its runs trained anew."""

import argparse
from pathlib import Path

from anatomy.chapters import CHAPTERS
from anatomy.cli.flags import flat_flags
from anatomy.cli.parser import Parser
from anatomy.errors import InputError
from anatomy.hardware.processors import minutes
from anatomy.pages.chapter_figures import Listed, find, listed
from anatomy.pages.redrawn import PUBLISHED, Drawing, redrawn
from anatomy.pages.retrained import compared, records_of, retrain
from anatomy.settings import Settings
from anatomy.storage.files import write_whole

FILES = {"svg": "the picture", "phone": "the picture for a telephone, SVG", "png": "the picture", "csv": "its numbers"}
SUFFIX = {name: f".{name}" for name in FILES} | {"phone": "-phone.svg"}


def flags(parser: Parser) -> None:
    names = ", ".join(f"{one.number} {one.name}" for chapter in CHAPTERS for one in listed(chapter) if one.drawn)
    parser.epilog = f"The parameters of the chapter's notebook are taken too: --preset laptop.\nfigures: {names}"
    parser.add_argument("figure", help="its number or its name, such as 1.8 or fig-ways")
    for name, what in FILES.items():
        parser.add_argument(f"--{name}", metavar="FILE", help=f"write {what} to FILE")
    parser.add_argument("--retrain", action="store_true", help="train its runs into --store, and compare")


def main(known: argparse.Namespace, rest: list[str]) -> int:
    """Draw it, write what is asked for, and say which runs it shows."""
    figure, given = find(known.figure), asked(flat_flags(rest))
    drawing = drawn(figure, PUBLISHED | given if not known.retrain else PUBLISHED)
    for name, suffix in SUFFIX.items():
        if path := getattr(known, name):
            write_whole(Path(path), drawing.files[suffix])
            print(f"{path}: {len(drawing.files[suffix]) / 1000:.0f} kB")
    print(said(drawing))
    if known.retrain:
        print(compared(drawing.keys, retrain(figure.chapter, drawing.keys, given)))
    return 0


def asked(given: Settings) -> Settings:
    """The notebook's parameters; a preset of one's own is read from the store."""
    return given if given.get("preset", "published") == "published" else {"records": "compare"} | given


def drawn(figure: Listed, given: Settings) -> Drawing:
    found = next(redrawn(figure.chapter, given, only=figure), None)
    if found is None:
        raise InputError(
            f"figure {figure.number} ({figure.name}) is about runs that are not there at the preset {given['preset']}; "
            f"`anatomy plan {figure.chapter}` lists them"
        )
    return found


def said(drawing: Drawing) -> str:
    """The figure in words, and what its runs took."""
    of = f"Figure {drawing.of.number} ({drawing.of.name}): {drawing.alt}"
    if not drawing.keys:
        return f"{of}\nDrawn from the formula; no run is behind it."
    found = records_of(drawing.keys)
    spent = sum(minutes(record["provenance"]) for record in found.values())
    return f"{of}\n{len(drawing.keys)} runs, trained in {spent:.2g} minutes: {' '.join(drawing.keys)}"
