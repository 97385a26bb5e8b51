"""The reference, made from the source: commands with their options, notebook parameters, and every part of a run.

Nothing here is written by hand, and nothing is imported that needs torch: signatures and docstrings are read as text.
"""

import ast
import os
from contextlib import redirect_stdout, suppress
from functools import cache
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import nbformat

from anatomy.chapters import CHAPTERS
from anatomy.cli import COMMANDS
from anatomy.cli import main as command
from anatomy.runs import parts
from anatomy.runs.definitions import bound, definition, parsed
from anatomy.runs.option_types import REQUIRED
from anatomy.study.parameters import COMMON, grid_options
from anatomy.study.study import Study
from markup import Row, code, div, linked, prose, table
from parameters_cell import declared, parameters_cell, shown
from values import values

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 78  # columns of a help text, which a page shows without a scroll bar
KINDS = {
    "loss": ("Losses", "Similarities of an anchor to its positive and to its negatives in, one value for it out."),
    "method": ("Methods", "What is made of the views of a batch: which vectors meet, and which loss they get."),
    "transform": ("Feature transformations", "Between encoder and similarity, while training."),
    "backbone": ("Backbones", "Image to representation h."),
    "norm": ("Normalization layers", "Of the backbone, for maps [N, C, H, W]."),
    "projector": ("Projectors", "Representation h to embedding z."),
    "views": ("Views", "Random views of an image."),
    "recorder": ("Recorders", "What is recorded while a method trains: a table each."),
    "measure": ("Measures", "What is measured on the trained encoder: a table each."),
}
# The tests of kinds whose parts stand in one file.
OF_A_FILE = {"backbone": "test_backbones.py", "projector": "test_heads.py", "views": "test_views.py"}


def reference_pages() -> dict[str, str]:
    """MyST by file name."""
    return {"commands.md": commands_page(), "parts.md": parts_page()}


# --- commands


def commands_page() -> str:
    """Each command's own help, and what notebooks take."""
    intro = "Made from the program's own `--help` and from the types by which parameters are checked."
    lines = ["# Commands and parameters", intro, "## Commands"]
    for name in COMMANDS:
        lines += [f"(command-{name})=\n### anatomy {name}", f"```text\n{help_of(name)}\n```"]
    common, own = parameters()
    lines += ["## Parameters of every notebook", "Given to papermill with `-p NAME VALUE`, or as a flag of `study`."]
    lines.append(table(("parameter", "values", "default", "meaning"), common))
    for chapter, rows in own.items():
        lines += [f"### Of {{doc}}`{chapter}`", table(("parameter", "values", "default", "meaning"), rows)]
    return "\n\n".join(lines) + "\n"


def parameters() -> tuple[list[Row], dict[str, list[Row]]]:
    """Those of every notebook, and each one's own; what they mean is said by the notebooks' cells."""
    common: dict[str, Row] = {}
    own: dict[str, list[Row]] = {}
    for chapter in CHAPTERS:
        types = COMMON | {name: option.type for name, option in grid_options(chapter).items()}
        cell = parameters_cell(nbformat.read(ROOT / "notebooks" / f"{chapter}.ipynb", as_version=4))
        rows = {
            one.name: (code(one.name), values(types[one.name]), code(shown(one.default)), linked(one.meaning))
            for one in declared(cell.source)
        }
        common |= {name: row for name, row in rows.items() if name in COMMON}
        own[chapter] = [row for name, row in rows.items() if name not in COMMON]
    return list(common.values()), {chapter: rows for chapter, rows in own.items() if rows}


def help_of(name: str) -> str:
    said = StringIO()
    with patch.dict(os.environ, {"COLUMNS": str(WIDTH)}), redirect_stdout(said), suppress(SystemExit):
        command([name, "--help"])
    return said.getvalue().strip()


# --- parts


def parts_page() -> str:
    """Every name that a field of a run can have, by kind."""
    lines = [
        "# Parts of a run",
        "Every name that a parameter can have, as its source says it: what it is given, its options, where it comes "
        "from, and the test that holds it against an oracle.",
    ]
    for kind, (title, intro) in KINDS.items():
        lines += [f"## {title}", intro, *(part(kind, name) for name in parts.names(kind))]
    return "\n\n".join(lines) + "\n"


def part(kind: str, name: str) -> str:
    file, _ = parts.find(kind, name)
    lines = [f"({label(kind, name)})=\n### {name}", f"```python\n{call(kind, name)}\n```"]
    lines += [prose(text) for text in docstrings(kind, name)]
    if rows := [(code(o.name), values(o.type), default(o.default)) for o in parts.signature(kind, name).values()]:
        lines.append(table(("option", "values", "default"), rows))
    lines.append(f"Source: `{file.relative_to(ROOT)}`. Checked in {tests(kind, name)}.")
    return "\n\n".join(lines)


def label(kind: str, name: str) -> str:
    """What other pages link to."""
    return f"part-{kind}-{name}"


def call(kind: str, name: str) -> str:
    """Its signature with shapes, one argument a line."""
    file, defined = parts.find(kind, name)
    node = definition(file, defined)
    given = [arg for arg in (*node.args.posonlyargs, *node.args.args) if arg.arg != "self"]
    lines = [f"    {ast.unparse(arg)}," for arg in given]
    if node.args.kwonlyargs:
        pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        lines += ["    *,", *(f"    {ast.unparse(arg)}{f' = {ast.unparse(d)}' if d else ''}," for arg, d in pairs)]
    back = f" -> {ast.unparse(node.returns)}" if node.returns and node.name != "__init__" else ""
    return "\n".join([f"{defined}(", *lines, f"){back}"])


def docstrings(kind: str, name: str) -> list[str]:
    """Of its file, where the file holds nothing else, and of the part itself."""
    file, defined = parts.find(kind, name)
    nodes = [parsed(file)] if file.stem == name else []
    found = [ast.get_docstring(node) for node in (*nodes, bound(file)[defined])]
    return [text for text in found if text]


def tests(kind: str, name: str) -> str:
    """Its test file, and its oracle in the one file of oracles."""
    folder = parts.PLACES[kind].removesuffix(".py")
    file = f"tests/{folder}/test_{name}.py"
    if not (ROOT / file).is_file():
        file = f"tests/{OF_A_FILE[kind]}"
    oracle = f", by the oracle `{name}` of `tests/reference.py`" if name in oracles() else ""
    return f"`{file}`{oracle}"


@cache
def oracles() -> set[str]:
    return set(bound(ROOT / "tests" / "reference.py"))


def parts_of(study: Study) -> str:
    """A chapter's last line: the parts that its runs are made of, each with a link."""
    used = sorted({(kind, one.name) for run in (*study.paper, *study.floors) for kind, one in run.all_parts()})
    links = {
        title.lower(): [f"[{linked(name)}]({label(kind, name)})" for of, name in used if of == kind and ":" not in name]
        for kind, (title, _) in KINDS.items()
    }
    said = "; ".join(f"{kind} {', '.join(names)}" for kind, names in links.items() if names)
    return div("provenance", f"The parts of this page's runs, with their sources: {said}.")


def default(value: object) -> str:
    return "required" if value is REQUIRED else "none" if value is None else code(shown(value))
