"""From an executed notebook to a page: one table of parameters, and under each figure its origin.

The notebook itself prints nothing that changes from run to run (nbval compares its outputs), so
what does change, machine, time and commit, is added here.
"""

import re
from collections.abc import Callable, Collection
from typing import Any

import nbformat
from nbformat.v4 import new_markdown_cell

from anatomy.errors import RunFailed
from parameters_cell import declared, is_injected, parameters_cell, parameters_table, tags
from provenance import asked_of_full, origin

# Of a cell tagged `formula`: it shows no run, so it has no machine and no time.
FROM_FORMULA = ":::{div} provenance\nDrawn from the formula in the cell above; no run is behind it.\n:::"
SHORTEST_ALT = 20  # letters; less does not say what a figure shows


def make_page(
    executed: nbformat.NotebookNode,
    chapter: str,
    given: dict[str, Any],
    provenance: dict[str, Any],
    full: dict[str, Any] | None = None,
    answer: Callable[[Collection[str]], str] | None = None,
) -> nbformat.NotebookNode:
    """The page of `chapter`: `given` are the parameters passed, `provenance` is the study's.

    `full`: the provenance of the study with every arm, which the figures tagged `full` show. `answer`: what stands
    under the title, made from the names of the page's figures.
    """
    page = nbformat.from_dict(executed)
    cell = parameters_cell(page)
    parameters = declared(cell.source)
    table = new_markdown_cell(parameters_table(parameters, given), id="page-parameters")
    origins = {"formula": FROM_FORMULA, "": origin(chapter, parameters, given, provenance)}
    if full is not None:
        origins["full"] = origin(chapter, parameters, asked_of_full(given, full), full)
    cells = [table if each is cell else each for each in page.cells if not is_injected(each)]
    page.cells = []
    for number, each in enumerate(cells, start=1):
        page.cells.append(each)
        if is_figure(each):
            bind_alt(each)
            check_alt(each, chapter)
            kind = next((tag for tag in tags(each) if tag in origins), "")
            page.cells.append(new_markdown_cell(origins[kind], id=f"provenance-{number}"))
    if answer is not None:
        under_title(page, answer(figure_names(page)))
    hide_code(page)
    page.metadata.pop("papermill", None)
    return page


def under_title(page: nbformat.NotebookNode, box: str) -> None:
    """Between the title and the text that follows it."""
    title, _, text = page.cells[0].source.partition("\n")
    page.cells[0].source = text.lstrip("\n")
    page.cells = [new_markdown_cell(title, id="page-title"), new_markdown_cell(box, id="short-answer"), *page.cells]


# --- figures


def figure_names(page: nbformat.NotebookNode) -> set[str]:
    """Of the figures that were drawn, by which text refers to them."""
    drawn = [cell.metadata.get("mystnb", {}).get("figure", {}) for cell in page.cells if is_figure(cell)]
    return {figure["name"] for figure in drawn if "name" in figure}


def is_figure(cell: nbformat.NotebookNode) -> bool:
    """A code cell that shows a picture."""
    return cell.cell_type == "code" and any(
        name.startswith("image/") for output in cell.outputs for name in output.get("data", {})
    )


def bind_alt(cell: nbformat.NotebookNode) -> None:
    """Of a cell tagged `says-alt`: what it prints, made from the figure's table, is also the figure's text."""
    if "says-alt" in tags(cell):
        printed = "".join(output.text for output in cell.outputs if output.output_type == "stream")
        image = cell.metadata.setdefault("mystnb", nbformat.NotebookNode()).setdefault("image", nbformat.NotebookNode())
        image["alt"] = " ".join(f"{image.get('alt', '')} {printed}".split())


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
        chosen = any(tag.startswith(("hide-", "remove-", "show-")) for tag in tags(cell))
        if cell.cell_type == "code" and drawing and not chosen:
            cell.metadata["tags"] = [*tags(cell), "hide-input"]
