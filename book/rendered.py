"""The chapters as they were rendered last: their pictures, and which of them stands before what is said of a claim."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from anatomy.readings import short
from cell_origins import LINKED
from page import is_figure

SUFFIXES = {"image/svg+xml": ".svg", "image/png": ".png"}  # the first that a cell has is taken


@dataclass(frozen=True)
class Picture:
    """Of a figure: its file, how the file's name ends, and what is read out of it."""

    content: bytes
    suffix: str
    alt: str


@dataclass(frozen=True)
class Chapter:
    """The page of a chapter."""

    figures: dict[str, Picture] = field(default_factory=dict)  # by the name to which text refers
    before: dict[str, str] = field(default_factory=dict)  # by a claim's id: the figure before what is said of it

    def figure_of(self, chapter: str, id: str) -> str | None:
        """The name of the figure that shows a claim: the one of its short answer, or the one above its sentence."""
        words = short(chapter).get(id)
        return words.figure if words is not None and words.figure in self.figures else self.before.get(id)


def rendered(folder: Path) -> dict[str, Chapter]:
    """By name; a chapter without a page is not in it."""
    return {path.stem: read(path) for path in sorted(folder.glob("*.ipynb"))}


def read(path: Path) -> Chapter:
    page = Chapter()
    for cell in nbformat.read(path, as_version=4).cells:
        page.figures.update(figure(cell, path.parent / "figures" / path.stem))
        for id in LINKED.findall("\n".join(markdown(cell))) if page.figures else ():
            page.before.setdefault(id, [*page.figures][-1])
    return page


def figure(cell: nbformat.NotebookNode, drawn: Path) -> Iterator[tuple[str, Picture]]:
    """The cell's picture by its name, if it has both; where there is one, that for a telephone, which is as wide as a
    card."""
    myst = cell.metadata.get("mystnb", {})
    name, found = myst.get("figure", {}).get("name"), picture(cell) if is_figure(cell) else None
    if name and (narrow := drawn / f"{name}-phone.svg").is_file():
        found = narrow.read_bytes(), ".svg"
    if name and found:
        yield str(name), Picture(*found, str(myst.get("image", {}).get("alt", "")))


def picture(cell: nbformat.NotebookNode) -> tuple[bytes, str] | None:
    for kind, suffix in SUFFIXES.items():
        for output in cell.outputs:
            if kind in output.get("data", {}):
                data = output.data[kind]
                return (data.encode() if suffix == ".svg" else base64.b64decode(data)), suffix
    return None


def markdown(cell: nbformat.NotebookNode) -> Iterator[str]:
    """What a code cell displays as Markdown."""
    for output in cell.get("outputs", []):
        yield str(output.get("data", {}).get("text/markdown", ""))
