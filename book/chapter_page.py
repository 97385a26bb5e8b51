"""One chapter: its notebook is run, its figures are drawn, and its page takes the former one's place."""

import sys
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_markdown_cell

from anatomy.errors import RunFailed
from anatomy.pages.chapter_figures import listed
from anatomy.pages.redrawn import redrawn
from anatomy.study.study import Study
from execute import execute
from figure_files import write_files
from page import make_page
from parameters_cell import final_values
from reference_pages import parts_of
from short_answer import judging, short_answer
from steps import replace, timed


def chapter_page(notebook: Path, chapters: Path, given: dict[str, Any], folder: Path) -> bool:
    """Whether it was made: where it failed, the former page stays, and standard error says why.

    `chapters`: the folder of pages. `folder`: for what is on its way. Raises InputError for a parameter that the
    notebook rejects.
    """
    with timed(chapter := notebook.stem):
        folder = folder / chapter  # of its own: others may be on their way
        folder.mkdir()
        try:
            _make(chapter, execute(notebook, folder / notebook.name, given), chapters, given, folder)
        except RunFailed as error:
            print(f"{chapter}: {error} Its former page stays.", file=sys.stderr)
            return False
    return True


def _make(chapter: str, executed: nbformat.NotebookNode, chapters: Path, given: dict[str, Any], folder: Path) -> None:
    own, full = studies(chapter, values := final_values(executed, given))
    drawings = {drawing.of.name: drawing for drawing in redrawn(chapter, values)}
    answer = partial(short_answer, chapter, judging(chapter, own, full))
    page = make_page(executed, chapter, given, listed(chapter), drawings, (own.evidence, full.evidence), answer)
    page.cells.append(new_markdown_cell(parts_of(full), id="page-parts"))
    write_files(chapters, chapter, drawings.values(), (own.evidence, full.evidence))
    replace(chapters / f"{chapter}.ipynb", nbformat.writes(page), folder)


def studies(chapter: str, values: dict[str, Any]) -> tuple[Study, Study]:
    """The page's own study, and the one with every arm; torch is not imported for them."""
    own = Study(chapter, **values)
    return own, own.with_every_arm()
