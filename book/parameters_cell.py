"""The parameters cell of a notebook: what it declares, what was given, and the table of both on the page."""

import ast
import re
from dataclasses import dataclass
from typing import Any

import nbformat

from anatomy.errors import RunFailed


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell: its name, its default and the comment behind it."""

    name: str
    default: Any
    meaning: str


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
