"""The figures of a chapter as its notebook has them, by number: those that its cells draw, and its explorers.

A figure keeps its number where a preset does not draw the ones before it.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from anatomy.chapters import CHAPTERS, number_of
from anatomy.errors import InputError, nearest

NOTEBOOKS = Path(__file__).parents[3] / "notebooks"
EXPLORER = re.compile(r'^explorer\.(?:committed\("(\w+)"\)|(scores)\()', re.MULTILINE)
Cell = dict[str, Any]  # JSON


@dataclass(frozen=True)
class Listed:
    """A figure or an explorer, and the cell that shows it."""

    chapter: str
    number: str  # 2.3, the third of the second chapter
    name: str  # fig-plane, or hardness-explorer
    cell: str  # its id
    caption: str = ""
    alt: str = ""

    @property
    def drawn(self) -> bool:
        """Whether a cell draws it; an explorer is drawn where it is read."""
        return bool(self.caption)


@cache
def cells(chapter: str) -> tuple[Cell, ...]:
    """Of a chapter's notebook."""
    return tuple(json.loads((NOTEBOOKS / f"{chapter}.ipynb").read_text("utf-8"))["cells"])


@cache
def listed(chapter: str) -> tuple[Listed, ...]:
    """All of a chapter's, in their order."""
    place = number_of(chapter)
    found = [(cell, named) for cell in cells(chapter) if (named := _name(cell))]
    return tuple(
        Listed(chapter, f"{place}.{number}", name, cell["id"], *_words(cell))
        for number, (cell, name) in enumerate(found, start=1)
    )


def _name(cell: Cell) -> str:
    """Of what a cell shows; empty where it is no figure."""
    explorer = EXPLORER.search("".join(cell["source"])) if cell["cell_type"] == "code" else None
    if explorer:
        return f"{explorer[1] or explorer[2]}-explorer"
    return str(cell["metadata"].get("mystnb", {}).get("figure", {}).get("name", ""))


def _words(cell: Cell) -> tuple[str, str]:
    shown = cell["metadata"].get("mystnb", {})
    return shown.get("figure", {}).get("caption", ""), shown.get("image", {}).get("alt", "")


def find(asked: str) -> Listed:
    """By its number or its name, with or without `fig-`. InputError for one that there is not."""
    known = {each.number: each for chapter in CHAPTERS for each in listed(chapter) if each.drawn}
    by_name = {each.name.removeprefix("fig-"): each for each in known.values()}
    found = known.get(asked) or by_name.get(asked.removeprefix("fig-"))
    if found is None:
        close = nearest(asked, [*known, *by_name]).partition(" (")[0]
        said = close if close.startswith("did you mean") else f"known: {', '.join(known)}"
        raise InputError(f"there is no figure {asked!r}; {said}")
    return found
