"""From an executed notebook to a page: one table of parameters, and under each figure its origin.

The notebook itself prints nothing that changes from run to run (nbval compares its outputs), so
what does change, machine, time and commit, is added here.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from anatomy.errors import RunFailed
from anatomy.pages.chapter_figures import Listed
from anatomy.pages.redrawn import Drawing
from anatomy.study.evidence import Evidence
from cell_origins import all_runs, from_runs, lead_to_claims, studies_read
from cited_links import cited
from figure_block import COMPUTED, figure_block, numbered, origin
from markup import div
from parameters_cell import Parameter, declared, is_injected, parameters_cell, parameters_table, tags

SHORTEST_ALT = 20  # letters; less does not say what a figure shows


def make_page(
    executed: nbformat.NotebookNode,
    chapter: str,
    given: dict[str, Any],
    figures: Sequence[Listed],
    drawings: Mapping[str, Drawing],
    studies: Sequence[Evidence],
    answer: Callable[[Collection[str]], str] | None = None,
) -> nbformat.NotebookNode:
    """The page of `chapter`: `given` are the parameters passed, `figures` all that the notebook has, `drawings` by
    their names those that were drawn, and `studies` the evidence that these show, the page's own first.

    `answer`: what stands under the title, made from the names of the page's figures.
    """
    page = nbformat.from_dict(executed)
    cell = parameters_cell(page)
    parameters = declared(cell.source)
    table = new_markdown_cell(parameters_table(parameters, given), id="page-parameters")
    cells = [table if each is cell else each for each in page.cells if not is_injected(each)]
    for each in cells:
        if each.cell_type == "markdown":
            each.source = cited(each.source)
        if is_figure(each):
            check_alt(each, chapter)
        lead_to_claims(each)
    origins = partial(under_figure, studies=studies, parameters=parameters, given=given)
    page.cells = [*with_origins(cells, figures, drawings, studies, origins)]
    if answer is not None:
        under_title(page, answer({*drawings}))
    page.cells.append(new_markdown_cell(all_runs(chapter, studies), id="page-runs"))
    hide_code(page)
    for each in (page, *page.cells):  # when and how long: another time it is another
        for timed in ("papermill", "execution"):
            each.metadata.pop(timed, None)
    return page


def with_origins(
    cells: Sequence[nbformat.NotebookNode],
    figures: Sequence[Listed],
    drawings: Mapping[str, Drawing],
    studies: Sequence[Evidence],
    under: Callable[[Listed, Drawing | None], str],
) -> Iterator[nbformat.NotebookNode]:
    """Each cell, the drawing that takes its place, and where what it shows is from; of a figure `under` says it."""
    shown, rests_on = {figure.cell: figure for figure in figures}, studies_read(cells)
    for each in cells:
        yield each
        id, text = str(each.get("id")), ""
        figure = shown.get(id)
        if figure is not None:
            drawing = drawings.get(figure.name)
            yield from as_shown(each, figure, drawing)
            text = under(figure, drawing)
        text = text or from_runs(each, rests_on.get(id, frozenset()), studies)
        if text:
            yield new_markdown_cell(text, id=f"provenance-{figure.name if figure else id}")


def under_figure(
    figure: Listed,
    drawing: Drawing | None,
    studies: Sequence[Evidence],
    parameters: Sequence[Parameter],
    given: dict[str, Any],
) -> str:
    """Where it is from; of one that is not drawn nothing."""
    if drawing is not None:
        return origin(drawing, behind(drawing, studies), parameters, given)
    return "" if figure.drawn else div("provenance", COMPUTED)


def behind(drawing: Drawing, studies: Sequence[Evidence]) -> Evidence | None:
    """The first study that has all runs of a figure; None where it is drawn from a formula."""
    if not drawing.keys:
        return None
    found = next((study for study in studies if {*drawing.keys} <= study.found.keys()), None)
    if found is None:
        lacking = {*drawing.keys} - {key for study in studies for key in study.found}
        raise RunFailed(f"figure {drawing.of.number} shows runs of no study of its page: {' '.join(sorted(lacking))}")
    return found


def as_shown(cell: nbformat.NotebookNode, figure: Listed, drawing: Drawing | None) -> Iterator[nbformat.NotebookNode]:
    """Numbers an explorer; what another cell has drawn gives way to the drawing for the page, and what it has printed
    stays."""
    if not figure.drawn:
        for output in cell.outputs:
            if "text/html" in output.get("data", {}):
                output.data["text/html"] = numbered(output.data["text/html"], figure.number)
    elif drawing is not None:
        cell.metadata["tags"] = [*tags(cell), "remove-output"]
        printed = [output for output in cell.outputs if output.output_type == "stream" and output.text.strip()]
        if printed:
            # A cell without a line of source would be left out, and its output with it.
            about = f"# printed where {figure.name} was drawn"
            yield new_code_cell(
                about, outputs=printed, id=f"printed-{figure.name}", metadata={"tags": ["remove-input"]}
            )
        yield new_markdown_cell(figure_block(drawing, figure.caption), id=f"shown-{figure.name}")


def unrendered(notebook: Path) -> nbformat.NotebookNode:
    """A page that says how to make itself, so that links to it hold."""
    title = nbformat.read(notebook, as_version=4).cells[0].source.splitlines()[0]
    line = f"This chapter has not been run here yet: `make book CHAPTER={notebook.stem}` runs it."
    return new_notebook(cells=[new_markdown_cell(f"{title}\n\n{line}", id="unrendered")])


def under_title(page: nbformat.NotebookNode, box: str) -> None:
    """Between the title and the text that follows it."""
    title, _, text = page.cells[0].source.partition("\n")
    page.cells[0].source = text.lstrip("\n")
    page.cells = [new_markdown_cell(title, id="page-title"), new_markdown_cell(box, id="short-answer"), *page.cells]


# --- figures


def is_figure(cell: nbformat.NotebookNode) -> bool:
    """A code cell that shows a picture."""
    return cell.cell_type == "code" and any(
        name.startswith("image/") for output in cell.outputs for name in output.get("data", {})
    )


def check_alt(cell: nbformat.NotebookNode, chapter: str) -> None:
    """A figure without a text is refused: Sphinx fills in a file name, and audits let it pass."""
    alt = str(cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")).strip()
    if len(alt) < SHORTEST_ALT or re.search(r"\.(png|svg|jpe?g)$", alt, re.IGNORECASE):
        raise RunFailed(
            f"{chapter}: the figure of cell {cell.get('id')} needs mystnb.image.alt, a sentence "
            f"that states what it shows; it has {alt!r}."
        )


def hide_code(page: nbformat.NotebookNode) -> None:
    """Fold the set-up and the drawing; a cell that its author tagged keeps what he chose."""
    for cell in page.cells:
        drawing = is_figure(cell) or "open_study(" in cell.source
        chosen = any(tag.startswith(("hide-", "remove-", "show-")) for tag in tags(cell) if tag != "remove-output")
        if cell.cell_type == "code" and drawing and not chosen:
            cell.metadata["tags"] = [*tags(cell), "hide-input"]
