"""Which code a run's numbers depend on, as one digest: a finished run is trusted while it stays the same.

The digest covers the modules that the run's training imports, found by reading their imports, without comments and
docstrings: so correcting a sentence does not make anybody train again.
"""

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from anatomy.runs.config import Run
from anatomy.runs.definitions import parsed
from anatomy.runs.parts import ROOT, place_of

ENTRIES = (ROOT / "training" / "train.py", ROOT / "training" / "run_tables.py")


def source_digest(run: Run) -> str:
    """16 hex digits over the loop and the run's parts, and over all of the package that they import."""
    return _closure_digest(frozenset({*ENTRIES, *(place_of(kind, part.name) for kind, part in run.all_parts())}))


@cache  # a study asks for the same of hundreds of runs
def _closure_digest(entries: frozenset[Path]) -> str:
    files: set[Path] = set()
    waiting = {*entries}
    while waiting:
        files |= waiting
        waiting = {imported for file in waiting for imported in _imports(file)} - files
    return _digest(files)


@cache
def package_digest() -> str:
    """16 hex digits over all of the package: on two machines with the same, every run is made by the same code."""
    return _digest(ROOT.rglob("*.py"))


def _digest(files: Iterable[Path]) -> str:
    texts = [f"{file.name}\n{_bare(file)}" for file in sorted(files)]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


@cache
def _imports(file: Path) -> frozenset[Path]:
    """The package's files that one file imports by name."""
    found = set()
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "anatomy":
            found |= {_file(node.module)} | {_file(f"{node.module}.{alias.name}") for alias in node.names}
    return frozenset(path for path in found if path is not None)


def _file(module: str | None) -> Path | None:
    stem = ROOT.joinpath(*(module or "").split(".")[1:])
    return next((path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.is_file()), None)


@cache
def _bare(file: Path) -> str:
    """A file's code without comments and docstrings."""
    tree = parsed(file)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:]
    return ast.dump(tree)
