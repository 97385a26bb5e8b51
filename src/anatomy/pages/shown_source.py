"""The source of what a page is about, read from the package, so that the code that is read is the code that ran."""

import ast
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from anatomy.errors import InputError, nearest

SOURCES = Path(__file__).parents[2]  # the folder that holds the package
Definition = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Code:
    """Python source; a notebook shows it highlighted."""

    text: str

    def _repr_markdown_(self) -> str:
        return f"```python\n{self.text}\n```"

    def __repr__(self) -> str:
        return self.text


def source(*names: str) -> Code:
    """Functions, classes or methods of the package by their dotted names, without docstrings: the page explains them.

    The files are read and not imported, so a page needs no torch for it. InputError for an unknown name.
    """
    return Code("\n\n".join(_source(name) for name in names))


def _source(name: str) -> str:
    file, path = _located(name)
    text = file.read_text("utf-8")
    node: ast.Module | Definition = ast.parse(text)
    for inner in path:
        defined = {child.name: child for child in node.body if isinstance(child, Definition)}
        if inner not in defined:
            raise InputError(f"{file.name} has no {inner!r}; {nearest(inner, defined)}")
        node = defined[inner]
    assert isinstance(node, Definition)
    of = f", {'.'.join(path[:-1])}" if path[1:] else ""
    return f"# {file.relative_to(SOURCES).as_posix()}{of}\n{_without_docstring(text.splitlines(), node)}"


def _located(name: str) -> tuple[Path, list[str]]:
    """The file of a dotted name, and what of the name is inside it."""
    words = name.split(".")
    for count in range(len(words) - 1, 0, -1):
        stem = SOURCES.joinpath(*words[:count])
        for file in (stem.with_suffix(".py"), stem / "__init__.py"):
            if file.is_file() and file != SOURCES / "anatomy" / "__init__.py":
                return file, words[count:]
    raise InputError(f"the package has no file for {name!r}; write it as anatomy.losses.info_nce.info_nce")


def _without_docstring(lines: list[str], node: Definition) -> str:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    kept = lines[first - 1 : node.end_lineno]
    if ast.get_docstring(node) is not None:
        start, end = (at - first for at in (node.body[0].lineno, node.body[0].end_lineno or 0))
        kept = kept[:start] + kept[end + 1 :]
    return dedent("\n".join(kept))
