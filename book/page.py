"""From an executed notebook to a page: one table of parameters, and under each figure its origin.

The notebook itself prints nothing that changes from run to run (nbval compares its outputs), so
what does change, machine, time and commit, is added here.
"""

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat.v4 import new_markdown_cell

from anatomy.errors import RunFailed

# Of a cell tagged `formula`: it shows no run, so it has no machine and no time.
FROM_FORMULA = ":::{div} provenance\nDrawn from the formula in the cell above; no run is behind it.\n:::"
SHORTEST_ALT = 20  # letters; less does not say what a figure shows


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell: its name, its default and the comment behind it."""

    name: str
    default: Any
    meaning: str


def make_page(
    executed: nbformat.NotebookNode,
    chapter: str,
    given: dict[str, Any],
    provenance: dict[str, Any],
    full: dict[str, Any] | None = None,
) -> nbformat.NotebookNode:
    """The page of `chapter`: `given` are the parameters passed, `provenance` is the study's.

    `full`: the provenance of the study with every arm, which the figures tagged `full` show.
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
            check_alt(each, chapter)
            kind = next((tag for tag in tags(each) if tag in origins), "")
            page.cells.append(new_markdown_cell(origins[kind], id=f"provenance-{number}"))
    hide_code(page)
    page.metadata.pop("papermill", None)
    return page


# --- parameters


def tags(cell: nbformat.NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def is_injected(cell: nbformat.NotebookNode) -> bool:
    return "injected-parameters" in tags(cell)


def parameters_cell(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The one cell tagged `parameters`."""
    found = [cell for cell in notebook.cells if "parameters" in tags(cell)]
    if len(found) != 1:
        raise RunFailed(f"a chapter has one cell tagged parameters, this one has {len(found)}.")
    return found[0]


def final_values(notebook: nbformat.NotebookNode, given: dict[str, Any]) -> dict[str, Any]:
    """What the notebook ran with: its defaults, and over them what was passed."""
    return {each.name: each.default for each in declared(parameters_cell(notebook).source)} | given


def declared(source: str) -> list[Parameter]:
    """The annotated assignments of a parameters cell, in their order."""
    lines = source.splitlines()
    return [
        Parameter(node.target.id, ast.literal_eval(node.value), comment(lines[(node.end_lineno or node.lineno) - 1]))
        for node in ast.parse(source).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value
    ]


def comment(line: str) -> str:
    """What stands behind the first # of a line that is not inside quotes."""
    found = re.match(r"""(?:[^#'"]|'[^']*'|"[^"]*")*#\s*(.*)""", line)
    return found.group(1).strip() if found else ""


def parameters_table(parameters: list[Parameter], given: dict[str, Any]) -> str:
    """A folded table of the final values; what is not the default is bold, with the default."""
    rows = ["| parameter | value | meaning |", "|---|---|---|"]
    for each in parameters:
        value = f"`{shown(given.get(each.name, each.default))}`"
        if differs(each, given):
            value = f"**{value}** (default `{shown(each.default)}`)"
        rows.append(f"| {each.name} | {value} | {escaped(each.meaning)} |")
    body = "\n".join(rows)
    return f":::{{dropdown}} Parameters of this page\n:class-container: page-parameters\n\n{body}\n:::"


def differs(parameter: Parameter, given: dict[str, Any]) -> bool:
    return str(given.get(parameter.name, parameter.default)) != str(parameter.default)


def shown(value: Any) -> str:
    """A value inside a code span of a table; an empty text would not be seen."""
    return escaped(str(value)) or '""'


def escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


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
        chosen = any(tag.startswith(("hide-", "remove-", "show-")) for tag in tags(cell))
        if cell.cell_type == "code" and drawing and not chosen:
            cell.metadata["tags"] = [*tags(cell), "hide-input"]


# --- provenance


def origin(chapter: str, parameters: list[Parameter], given: dict[str, Any], facts: dict[str, Any]) -> str:
    """Where the numbers of a figure come from, and how to make them again."""
    return provenance_line(facts) + "\n\n" + remake(chapter, parameters, given)


def asked_of_full(given: dict[str, Any], full: dict[str, Any]) -> dict[str, Any]:
    """What remakes the study with every arm: its preset, on its own data set."""
    here = {"data_root": "FOLDER"} if full["dataset"] != "shapes" else {}
    return here | {name: given[name] for name in given if name == "data_root"} | {"preset": full["preset"]}


def provenance_line(facts: dict[str, Any]) -> str:
    """One small line: what ran, how much of it, where, with what, how long, from which commit."""
    return ":::{div} provenance\n" + " · ".join(phrases(facts)) + "\n:::"


def phrases(facts: dict[str, Any]) -> Iterator[str]:
    yield f"preset {listed(facts['preset'])}"
    yield f"data set {listed(facts['dataset'])}"
    yield f"network {listed(facts['network'])}"
    yield f"{counted(facts['seeds'], 'seed')} {listed(facts['seeds'])}".strip()
    yield f"{facts['runs_done']} of {facts['runs_asked']} runs"
    yield machine(listed(facts["device"]), listed(facts["cpu"]))
    yield f"torch {listed(facts['torch'])}, {listed(facts['precision'])}"
    yield f"{listed(facts['threads'])} {counted(facts['threads'], 'thread')}"
    yield f"trained in {duration(facts['seconds'])}"
    yield f"commit {short(listed(facts['commit']))}"


def machine(device: str, cpu: str) -> str:
    return f"on the CPU, {cpu}" if device == "cpu" else f"on {device}, beside {cpu}"


def listed(value: Any) -> str:
    """A value, or several where machines differ; `unknown` where a run did not write it down."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(str(each) for each in value)
    return "unknown" if value in (None, "") else str(value)


def counted(value: Any, word: str) -> str:
    """`seed` for one, `seeds` for several; a list, or a number that may come as text."""
    one = len(value) == 1 if isinstance(value, list | tuple) else str(value) == "1"
    return word if one else f"{word}s"


def short(commits: str) -> str:
    """Twelve letters of each commit; what a tree with changes adds behind it stays."""
    return ", ".join(re.sub(r"^([0-9a-f]{12})[0-9a-f]+", r"\1", each) for each in commits.split(", "))


def duration(seconds: float | None) -> str:
    """12.4 -> 12 s, 90 -> 1 min 30 s, 4000 -> 1 h 7 min."""
    if seconds is None:
        return "an unknown time"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def remake(chapter: str, parameters: list[Parameter], given: dict[str, Any]) -> str:
    """The command that remakes the figures of this page, folded, with a button that copies it."""
    words = ["papermill", f"notebooks/{chapter}.ipynb", f"{chapter}_again.ipynb"]
    for each in parameters:
        # The preset always: one who copies the line should see which size he asks for.
        if differs(each, given) or each.name == "preset":
            words += ["-p", each.name, str(given.get(each.name, each.default))]
    command = f"```bash\n{shlex.join(words)}\n```"
    return f"::::{{dropdown}} Remake this figure\n:class-container: remake\n\n{command}\n::::"
