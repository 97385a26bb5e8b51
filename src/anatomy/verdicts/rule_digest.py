"""A digest of what decides a claim, so that a rule written after the runs cannot pass for older.

In it: the claim's definition (margins and notes of its rule too), every function, class and constant of this package
that the definition can reach, by itself or through another, and the versions of the criteria that judge it. Not in it:
comments, docstrings, annotations, which file a definition stands in, and the prose of the statement, the source and the
quantity, which may be corrected at any time.
"""

import ast
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from anatomy.verdicts.claim import Claim
from anatomy.verdicts.known_rules import equal_to, written
from anatomy.verdicts.student_t import LEVEL

PROSE = {"statement", "source", "quantity"}
FORM = 1  # of the digest itself
CRITERIA = "anatomy.verdicts.criteria"  # whose VERSIONS are read as text, as of any commit
CHANGED = "rule changed after the runs"
SOURCES = Path(__file__).parents[2]  # the folder that holds the package
# Changes here do not change a rule, or raise one of VERSIONS, which tests/verdicts/test_criteria.py enforces.
PLUMBING = {f"anatomy.verdicts.{name}" for name in ("claim", "combine", "criteria", "student_t", "verdict")}
PLUMBING |= {"anatomy.verdicts", "anatomy.errors"}
# As they were called when the first rules were written: git's history is read under these names.
PLUMBING |= {f"anatomy.claims.{name}" for name in ("claim", "joint", "law", "ledger", "student", "text")}
PLUMBING |= {"anatomy.claims"}

Read = Callable[[str], str | None]  # the text of a module by its name; None where there is none


@cache
def on_disk(module: str) -> str | None:
    """A module's text as it is now."""
    stem = SOURCES.joinpath(*module.split("."))
    file = next((path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.is_file()), None)
    return None if file is None else file.read_text("utf-8")


def digest(claim: Claim) -> str:
    """16 hexadecimal digits; the same on every Python, whatever the layout of the files."""
    return digest_of(claim.module, on_disk)


def digest_of(module: str, read: Read) -> str:
    """Of the claim that a module defines, in the package whose texts `read` gives: today's, or those of a commit."""
    return hashlib.sha256(repr((FORM, LEVEL, _code(module, read))).encode()).hexdigest()[:16]


def digests(claim: Claim) -> set[str]:
    """The rule's own, and the older ones that mean the same."""
    now = digest(claim)
    return {now, *equal_to(claim.id, now)}


def rule_age(claim: Claim, provenances: Iterable[Mapping[str, Any]]) -> str:  # JSON
    """Says "rule changed after the runs", or nothing.

    A record holds the digests of its own chapter's rules. Of a run that another chapter trained (the floors are shared)
    the dates tell: the rule's commit is older than the run. A record that holds neither counts as older than the rule.
    """
    accepted, since = digests(claim), written(claim.id, digest(claim))

    def older(provenance: Mapping[str, Any]) -> bool:
        rules = provenance.get("rules") or {}
        return rules[claim.id] in accepted if claim.id in rules else since <= provenance.get("started", 0.0)

    return "" if all(map(older, provenances)) else CHANGED


def first_under(claim: Claim, provenances: Iterable[Mapping[str, Any]]) -> float | None:  # JSON
    """When the first of the runs began that hold the digest of this rule, seconds since 1970; None: none does."""
    accepted = digests(claim)
    held = (one for one in provenances if (one.get("rules") or {}).get(claim.id) in accepted)
    return min((one["started"] for one in held if "started" in one), default=None)


@cache  # of a commit or of the disk: neither changes while a process lives
def _code(module: str, read: Read) -> list[tuple[str, str]]:
    reached: dict[tuple[str, str], str] = {}
    _reach(module, "CLAIM", read, reached)
    return sorted((name, text) for (_, name), text in reached.items() if text)


def _reach(module: str, name: str, read: Read, reached: dict[tuple[str, str], str]) -> None:
    """Add what a name means in a module, and all that its definition reaches; names of elsewhere add nothing."""
    if module in PLUMBING:
        reached["criteria", name] = _version(name, read(CRITERIA))
    if module in PLUMBING or (module, name) in reached or (text := read(module)) is None:
        return
    defined, imported = _names(text)
    if name in imported:
        other = ".".join(imported[name])
        if read(other) is not None and other not in PLUMBING:
            raise ValueError(f"{module} imports the module {other}, so what its rule reads cannot be determined: "
                             "import what is used by name")  # fmt: skip
        _reach(*imported[name], read, reached)
    elif name in defined:
        reached[module, name], inner = _definition(text, name)
        for other_name in inner:
            _reach(module, other_name, read, reached)


@cache  # many rules reach the same
def _definition(text: str, name: str) -> tuple[str, tuple[str, ...]]:
    """What a module defines under a name, and the names that this reads, each once."""
    node = _names(text)[0][name]
    return repr(_skeleton(node)), tuple(dict.fromkeys(_loaded(node)))


@cache
def _version(name: str, criteria: str | None) -> str:
    """Of a criterion that was changed since the first rules, its version; of everything else there, nothing."""
    defined = _names(criteria)[0].get("VERSIONS") if criteria else None
    versions = ast.literal_eval(defined.value) if isinstance(defined, ast.Assign) else {}
    return f"version {versions[name]}" if versions.get(name, 1) > 1 else ""


@cache
def _names(text: str) -> tuple[dict[str, ast.stmt], dict[str, tuple[str, str]]]:
    """What a module defines at its top, by name, and what it imports by name: (module, name there)."""
    defined: dict[str, ast.stmt] = {}
    imported: dict[str, tuple[str, str]] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import):
            whole = [alias for alias in node.names if alias.name.partition(".")[0] == "anatomy"]
            imported |= {alias.asname or "anatomy": _halves(alias.name) for alias in whole}
        elif isinstance(node, ast.ImportFrom):
            imported |= {alias.asname or alias.name: (str(node.module), alias.name) for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            defined |= {
                inner.id: node for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)
            }
    return defined, imported


def _halves(module: str) -> tuple[str, str]:
    package, _, name = module.rpartition(".")
    return package, name


def _loaded(node: ast.AST) -> Iterator[str]:
    """The names that a definition reads, local ones too: of a global's name, they reach more than they must."""
    for child in _children(node):
        if isinstance(child, ast.Name):
            yield child.id
        yield from _loaded(child)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for _, value in _fields(node):
        yield from (child for child in (value if isinstance(value, list) else [value]) if isinstance(child, ast.AST))


def _fields(node: ast.AST) -> list[tuple[str, object]]:
    """What counts of a node: no docstring, no annotation, no prose of a claim, nothing that only some Pythons have."""
    fields = {name: value for name, value in ast.iter_fields(node) if value not in (None, [])}
    for unread in ("annotation", "returns"):
        fields.pop(unread, None)
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
        fields["body"] = node.body[1:]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Claim":
        fields["keywords"] = [word for word in node.keywords if word.arg not in PROSE]
    return list(fields.items())


def _skeleton(node: object) -> object:
    """A tree as nested lists. `ast.dump` will not do: it prints empty fields on some versions."""
    if isinstance(node, list):
        return [_skeleton(item) for item in node]
    if not isinstance(node, ast.AST):
        return repr(node)
    return [type(node).__name__, [[name, _skeleton(value)] for name, value in _fields(node)]]
