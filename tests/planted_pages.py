"""The text of the book's pages in planted worlds: all verdicts have one word, and in one world all numbers are others.

What a page says in every world alike is bound to no verdict and to no number. Nothing is trained: the cells of a
chapter's notebook run here, on the published records.
"""

import ast
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from matplotlib.text import Text

from anatomy import claims, readings
from anatomy.chapters import CHAPTERS
from anatomy.storage.tables import tables_of
from anatomy.study import evidence
from anatomy.study.evidence import Evidence
from anatomy.verdicts.ledger import Judged, Row
from anatomy.verdicts.trend import Rung, Trend
from anatomy.verdicts.verdict import Verdict, Word
from short_answer import judging, short_answer

ROOT = Path(__file__).parents[1]
SETTINGS = {"step", "score", "share", "at", "negatives", "kind", "real", "whitened", "distance",  # points of grids
            "part", "index"}  # fmt: skip
TREND = {"holds": "grows", "does not hold": "shrinks", "undecided": "undecided", "not run": "flat"}


@dataclass(frozen=True)
class World:
    """`moved`: no measured number is what it was."""

    word: Word
    moved: bool = False


WORLDS = (World("holds"), World("does not hold"), World("undecided"), World("not run", moved=True))


# --- what is planted


def rows(chapter: str, word: Word, *places: tuple[str, str, str]) -> list[Row]:
    """The chapter's ledger with one word for every claim, once for each (preset, data set, network)."""
    numbers = {"estimate": 12.3, "low": 11.2, "high": 13.4, "n": 3} if word != "not run" else {}
    trend = Trend(TREND[word], (Rung(1, {0: 1.0, 1: 2.0}), Rung(8, {0: 3.0, 1: 4.5})), "points")  # type: ignore[arg-type]
    judged = tuple(Judged(*place, Verdict(word, **numbers), (), trend=trend) for place in places)
    return [Row(claim, judged) for claim in claims.all_claims(chapter)]


def of_evidence(world: World) -> property:
    """In the place of `Evidence.verdicts`."""
    return property(
        lambda self: rows(self.request.chapter, world.word, (self.request.preset.name, self.request.dataset, "network"))
    )


def moved(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Every measured number times a million, plus 1; the settings of runs and the points of grids stay."""
    runs = set(tables.get("runs", ())) - {"seconds"}
    return {
        name: table.assign(
            **{
                column: table[column] * 1e6 + 1
                for column in table
                if table[column].dtype.kind == "f" and column not in runs | SETTINGS
            }
        )
        for name, table in tables.items()
    }


@contextmanager
def planted(world: World) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Evidence, "verdicts", of_evidence(world))
        if world.moved:
            patch.setattr(evidence, "tables_of", lambda *given: moved(tables_of(*given)))
        yield


# --- a chapter


class Page:
    """A chapter's notebook as a reader sees it: its Markdown, captions and figures' texts, and what its cells show."""

    def __init__(self, chapter: str) -> None:
        self.cells = nbformat.read(ROOT / "notebooks" / f"{chapter}.ipynb", as_version=4).cells
        self.names: dict[str, Any] = {}
        self.shown: dict[str, str] = {}  # by the cell's id, in the world of before

    def text(self, world: World) -> str:
        anew = world.moved or not self.shown
        with planted(world):
            for cell in self.cells:
                if cell.cell_type == "code" and (anew or says_verdicts(cell.source)):
                    self.shown[cell.id] = self.run(cell)
            box = self.box()
        return "\n\n".join(
            [box, *(part for cell in self.cells for part in (*written(cell), self.shown.get(cell.id, "")))]
        )

    def box(self) -> str:
        """The short answer under the title, with links to all figures."""
        study = self.names["study"]
        figures = {figure.figure for figure in readings.short(study.chapter).values()}
        return short_answer(study.chapter, judging(study.chapter, study, study.with_every_arm()), figures)

    def run(self, cell: nbformat.NotebookNode) -> str:
        """What a cell prints, displays and draws, as text."""
        said: list[str] = []
        self.names["display"] = lambda shown: said.extend(words(shown))
        body = ast.parse(cell.source).body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(ast.Module(body, []), cell.id, "exec"), self.names)
            if isinstance(last, ast.Expr):
                said.extend(words(eval(compile(ast.Expression(last.value), cell.id, "eval"), self.names)))
        if "parameters" in cell.metadata.get("tags", []):
            self.names |= {"preset": "published", "records": "use"}
        said += [text.get_text() for n in plt.get_fignums() for text in plt.figure(n).findobj(Text)]
        plt.close("all")
        return "\n\n".join([prose(printed.getvalue()), *said])


def prose(printed: str) -> str:
    """What is printed; of a function's source nothing."""
    return "" if printed.startswith("def ") else printed


def says_verdicts(source: str) -> bool:
    return "verdicts()" in source


def written(cell: nbformat.NotebookNode) -> Iterator[str]:
    """What of a cell stands in its notebook."""
    if cell.cell_type == "markdown":
        yield cell.source
    shown = cell.metadata.get("mystnb", {})
    yield from (text for name in ("figure", "image") for text in shown.get(name, {}).values())


def words(shown: object) -> list[str]:
    """Of what a cell displays: Markdown, or a table of which each cell is a text."""
    if isinstance(shown, pd.DataFrame):
        return [str(value) for value in (*shown.columns, *shown.index, *shown.to_numpy().flat)]
    return [str(shown.data)] if getattr(shown, "data", None) else []


@cache
def chapter_in_all_worlds(chapter: str) -> dict[World, str]:
    page = Page(chapter)
    return {world: page.text(world) for world in WORLDS}


# --- the pages drawn from claims


def rows_of_all(world: World) -> list[Row]:
    """The ledger of all chapters, of two presets."""
    places = (("laptop", "shapes", "network"), ("overnight", "cifar10", "network"))
    return [row for chapter in CHAPTERS for row in rows(chapter, world.word, *places)]
