"""A digest of what decides a claim, so that a rule written after the runs cannot pass for older.

In it: the code of the claim's file (its rule as a sentence too) and of every helper it imports,
the constants of its kind, and the version of the law. Not in it: comments, docstrings, and the
prose of the statement, the source and the quantity, which may be corrected at any time.
"""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from anatomy.claims.claim import Claim
from anatomy.claims.law import VERSION
from anatomy.claims.student import LEVEL

PROSE = {"statement", "source", "quantity"}
CHANGED = "rule changed after the runs"
ROOT = Path(__file__).parents[2]  # the folder that holds the package
# Changes here do not change a rule, or raise VERSION, which tests/claims/test_law.py enforces.
PLUMBING = {"claim", "digests", "index", "joint", "law", "ledger", "student", "text"}


def digest(claim: Claim) -> str:
    """16 hexadecimal digits; the same on every Python, whatever the layout of the file."""
    file = Path(str(sys.modules[claim.module].__file__))
    files = {path: _skeleton(ast.parse(path.read_text("utf-8"))) for path in _with_helpers(file)}
    # The helpers stand sorted by name, since only their text counts and not the order of imports.
    code = [files.pop(file), *(files[path] for path in sorted(files))]
    return hashlib.sha256(repr((VERSION, LEVEL, repr(claim.kind), code)).encode()).hexdigest()[:16]


def rule_age(claim: Claim, provenances: Iterable[Mapping[str, Any]]) -> str:
    """Says "rule changed after the runs", or nothing; a record that lacks the rule counts too."""
    now = digest(claim)
    known = [(provenance.get("rules") or {}).get(claim.id) for provenance in provenances]
    return CHANGED if any(rule != now for rule in known) else ""


def _with_helpers(file: Path, seen: frozenset[Path] = frozenset()) -> frozenset[Path]:
    """The file and every file of this package that it imports, itself or through another."""
    seen |= {file}
    for path in _imported(ast.parse(file.read_text("utf-8"))):
        if path not in seen:
            seen = _with_helpers(path, seen)
    return seen


def _imported(tree: ast.Module) -> Iterator[Path]:
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # What is imported from a package may be one of its modules.
            names = [f"{node.module}", *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            path = ROOT.joinpath(*name.split(".")).with_suffix(".py")
            if path.is_file() and not _is_plumbing(name):
                yield path


def _is_plumbing(name: str) -> bool:
    package, _, module = name.rpartition(".")
    inner = package == "anatomy.claims" and module in PLUMBING
    return inner or name in ("anatomy.claims", "anatomy.errors")


def _skeleton(node: Any) -> Any:
    """A tree as nested lists. `ast.dump` will not do: it prints empty fields on some versions."""
    if isinstance(node, list):
        return [_skeleton(item) for item in node]
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = {name: value for name, value in ast.iter_fields(node) if value not in (None, [])}
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
        fields["body"] = node.body[1:]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Claim":
        fields["keywords"] = [word for word in node.keywords if word.arg not in PROSE]
    return [type(node).__name__, [[name, _skeleton(value)] for name, value in fields.items()]]
