"""What a Python file defines, read from its text without running it; decoded as Python decodes it.

What is wrong with a user's file is an InputError with the file and the line.
"""

import ast
from collections.abc import Iterator
from functools import cache
from importlib.util import decode_source
from pathlib import Path
from typing import NoReturn

from anatomy.errors import InputError, nearest

PACKAGE = Path(__file__).parents[1]
Bound = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def reject(file: Path, line: int | None, why: str) -> NoReturn:
    """InputError about a line of a file."""
    raise InputError(f"{file}{f', line {line}' if line else ''}: {why}")


def content_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}") from None


def stamp(file: Path) -> tuple[int, int]:
    """Another one for a file that was edited: what is read is kept until then. The package's own files stay as they
    were when they were imported."""
    if str(file).startswith(str(PACKAGE)):
        return 0, 0
    found = file.stat()
    return found.st_mtime_ns, found.st_size


def parsed(file: Path) -> ast.Module:
    """The file's text as a syntax tree."""
    content = content_of(file)
    if b"\0" in content:
        reject(file, _line_at(content, content.index(b"\0")), "it is no text, since it has null bytes")
    try:
        tree = ast.parse(decode_source(content), str(file))
        if PACKAGE not in file.parents:
            compile(content, str(file), "exec", dont_inherit=True)  # a `return` outside of a function parses
    except UnicodeDecodeError as error:
        reject(file, _line_at(content, error.start), f"its bytes are no text in {error.encoding}")
    except SyntaxError as error:
        reject(file, error.lineno or _line_of_coding(content), error.msg)
    except (ValueError, RecursionError, MemoryError) as error:  # nested too deep
        reject(file, 1, f"it is no Python ({type(error).__name__})")
    if PACKAGE not in file.parents:
        _check_imports(file, tree)
    return tree


def _line_at(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1


def _line_of_coding(content: bytes) -> int:
    """Of the first two lines the one that says a wrong coding, or, without such a line, is not in UTF-8."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return _line_at(content, error.start)
    return 1 if b"coding" in content.partition(b"\n")[0] else 2


def _check_imports(file: Path, tree: ast.Module) -> None:
    """A run's key holds the text of one file: what that one imports from beside it would change unseen."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        near = isinstance(node, ast.ImportFrom) and node.level > 0
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        for beside in (file.parent / name.partition(".")[0] for name in names if name):
            there = beside.with_suffix(".py").is_file() or (beside / "__init__.py").is_file()
            near |= there and beside != PACKAGE
        if near:
            reject(file, node.lineno, f"`{ast.unparse(node)}` is from beside it; a part is whole in one file")


def definition(file: Path, name: str) -> ast.FunctionDef:
    """The function that takes the options, or the class's `__init__`. InputError if there is none."""
    return _definition(file, stamp(file), name)


@cache
def _definition(file: Path, stamp: tuple[int, int], name: str) -> ast.FunctionDef:
    node = bound(file).get(name)
    if isinstance(node, ast.ClassDef):
        made = [inner for inner in node.body if isinstance(inner, ast.FunctionDef) and inner.name == "__init__"]
        if not made:
            reject(file, node.lineno, f"class {name!r} has no __init__ of its own, from which its options are read")
        return made[-1]
    if isinstance(node, ast.AsyncFunctionDef):
        reject(file, node.lineno, f"{name!r} is async, but a part gives its value when it is called; write def")
    if node is None:
        other = next((n for n in _statements(parsed(file)) if name in _assigned(n)), None)
        if other is not None:
            reject(file, other.lineno, f"{name!r} has no def here, from which its options are read; write one")
        raise InputError(f"{file.name} has no function {name!r}; {nearest(name, bound(file))}")
    return node


def bound(file: Path) -> dict[str, Bound]:
    """Functions and classes by name, wherever they stand outside of functions and classes; of two, the last."""
    return _bound(file, stamp(file))


@cache
def _bound(file: Path, stamp: tuple[int, int]) -> dict[str, Bound]:
    return {node.name: node for node in _statements(parsed(file)) if isinstance(node, Bound)}


def _statements(block: ast.AST) -> Iterator[ast.stmt]:
    """Of a module, and of what stands there under `if`, `try`, `with` and their like."""
    for node in ast.iter_child_nodes(block):
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case) and not isinstance(node, Bound):
            yield from _statements(node)


def _assigned(node: ast.stmt) -> set[str]:
    """Names that a statement binds by other means than def and class."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)}
