"""A chapter's figures drawn again, by the cells of its notebook, in this process: from the runs that are there.

What a page shows and what `anatomy figure` draws is made here, so the two are the same files.
"""

import ast
import io
import warnings
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from matplotlib import pyplot as plt

from anatomy.errors import InputError
from anatomy.figures.drawn import Tables, as_csv, as_png, as_svg, keys, tables_of
from anatomy.figures.in_words import in_words
from anatomy.figures.sheet import PHONE, SCREEN, Sheet, drawn_on
from anatomy.pages.chapter_figures import Cell, Listed, cells, listed
from anatomy.settings import Settings

PUBLISHED: Settings = {"preset": "published", "records": "use"}
LACKING = (
    "the cell {cell} of {chapter} lacks {lacking} at the preset {preset}; `anatomy study {chapter} --preset {preset}` "
    "trains what is lacking, and --preset published draws what is published"
)
Names = dict[str, Any]  # of a kernel
NO_WINDOW = ".*non-interactive.*"  # what matplotlib says of plt.show()


@dataclass(frozen=True)
class Drawing:
    """A figure with its files. `keys`: of the runs behind it; none where it is drawn from a formula."""

    of: Listed
    keys: tuple[str, ...]
    alt: str
    files: Mapping[str, bytes]  # by what follows the figure's name: .svg, -phone.svg, .png, .csv


def redrawn(chapter: str, given: Settings = PUBLISHED, only: Listed | None = None) -> Iterator[Drawing]:
    """Those that the notebook draws with `given` for its parameters, in its order; or `only` one. Nothing is trained.

    InputError where the runs are not there that a cell is about.
    """
    names: Names = {"display": lambda *shown: None, "_trains": False}
    figures = {figure.cell: figure for figure in listed(chapter)}
    for cell in cells(chapter):
        if cell["cell_type"] == "code":
            figure = figures.get(cell["id"])
            try:
                if figure is None or only not in (None, figure):
                    run(cell, names)
                elif drawing := _drawing(figure, cell, names):
                    yield drawing
            except KeyError as lacking:
                raise InputError(LACKING.format(cell=cell["id"], lacking=lacking, chapter=chapter, **given)) from None
            finally:
                plt.close("all")
        if "parameters" in cell["metadata"].get("tags", []):
            names |= given
        if only is not None and cell["id"] == only.cell:
            return


def _drawing(figure: Listed, cell: Cell, names: Names) -> Drawing | None:
    """None where the runs are lacking that the figure is about."""
    said, shown = run(cell, names, SCREEN)
    if not plt.get_fignums():
        return _explorer(figure, shown)
    screen = plt.gcf()
    tables = tables_of(screen)
    files = {".svg": as_svg(screen), ".png": as_png(screen), ".csv": as_csv(tables).encode()}
    plt.close("all")
    run(cell, names, PHONE)
    files["-phone.svg"] = as_svg(plt.gcf())
    tags = cell["metadata"].get("tags", [])
    numbers = said if "says-alt" in tags else "" if "formula" in tags else in_words(tables)
    words = " ".join(f"{figure.alt} {numbers}".split())
    return Drawing(figure, tuple(keys(tables)), words, files)


def _explorer(figure: Listed, shown: object) -> Drawing | None:
    """Its picture is made where it is read; its tables are files like another's."""
    tables: Tables | None = getattr(shown, "tables", None)
    if not tables:
        return None
    return Drawing(figure, tuple(keys(tables)), in_words(tables), {".csv": as_csv(tables).encode()})


def run(cell: Cell, names: Names, sheet: Sheet = SCREEN) -> tuple[str, object]:
    """What a cell prints, and the value of its last line, if that is an expression."""
    body = ast.parse("".join(cell["source"])).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    value: object = None
    with drawn_on(sheet), redirect_stdout(io.StringIO()) as printed, warnings.catch_warnings():
        warnings.filterwarnings("ignore", NO_WINDOW)
        exec(compile(ast.Module(body, []), cell["id"], "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)
    return printed.getvalue(), value
