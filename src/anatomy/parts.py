"""Names are modules: the string in a parameter is the name of a function and of the file that holds it.

There is no registry to edit. `signature` reads a part's options from its source text, so a configuration is checked,
and its key computed, without importing torch; `load` imports the part when it is about to be used.
A name with a colon, `mine.py:my_loss`, is a user's own file.
"""

import ast
import builtins
import hashlib
import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from anatomy import quantities
from anatomy.errors import InputError, nearest
from anatomy.paths import given_path

ROOT = Path(__file__).parent
# Where each kind lives: a folder (one part a file) or a file (one part a function).
PLACES = {
    "method": "methods",
    "loss": "losses",
    "backbone": "backbones.py",
    "projector": "heads.py",
    "views": "views.py",
    "recorder": "recorders",
    "measure": "evaluate",
    "transform": "transforms",
    "norm": "norms",
}
REQUIRED = object()


@dataclass(frozen=True)
class Option:
    """A keyword-only argument of a part: its name, the law of its value, and its default (or REQUIRED)."""

    name: str
    law: Any
    default: Any


def names(kind: str) -> list[str]:
    """The names known for a kind, in alphabetical order."""
    place = ROOT / PLACES[kind]
    return list((_files_of if place.is_dir() else _parts_of)(place, place.stat().st_mtime_ns))


def signature(kind: str, name: str) -> dict[str, Option]:
    """The options of a part, in the order of its source. Raises InputError for a name that nothing bears."""
    file, defined = _find(kind, name)
    return dict(_signature(file, file.stat().st_mtime_ns, defined))


def wants(kind: str, name: str) -> tuple[str, ...]:
    """What a part is made of: the names of its positional arguments, as `encoder, loss, generator` of a method."""
    file, defined = _find(kind, name)
    return tuple(arg.arg for arg in _definitions(file)[defined].args.args if arg.arg != "self")


def load(kind: str, name: str) -> Callable[..., Any]:
    """The part itself, imported. A class answers to its file's name as well (`moco.py` holds `MoCo`)."""
    file, defined = _find(kind, name)
    return getattr(_import(file, own=":" not in name), defined)


def check(kind: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
    """The given options, each valid by its law and of its type. Raises InputError in one sentence."""
    known = signature(kind, name)
    checked = {}
    for key, value in given.items():
        if key not in known:
            raise InputError(f"{kind} {name!r} has no option {key!r}; {nearest(key, known)}")
        checked[key] = lawful(key, value, known[key].law, known[key].default)
    for key, option in known.items():
        if option.default is REQUIRED and key not in checked:
            raise InputError(f"{kind} {name!r} needs a value for {key!r}: {describe(option.law)}")
    return checked


def lawful(name: str, value: Any, law: Any, default: Any = REQUIRED) -> Any:
    """The value as its law wants it (text from a command line is parsed), or an InputError that states the law."""
    if get_origin(law) is Literal and value not in get_args(law):
        raise InputError(f"{name} is {value!r}; {nearest(str(value), map(str, get_args(law)))}")
    try:
        listed = get_origin(law) is tuple and isinstance(value, str)
        return TypeAdapter(law).validate_python(value.split(",") if listed else value)
    except ValidationError as error:
        said = error.errors()[0]["msg"].replace("Input should be", "it must be").removeprefix("Value error, ")
        hint = "" if default is REQUIRED else f" (the default is {default!r})"
        raise InputError(f"{name} is {value!r}, but {said[0].lower()}{said[1:]}{hint}") from None


def describe(law: Any) -> str:
    """A law in words, for --help and errors."""
    named = [name for name, value in vars(quantities).items() if value is law]
    return named[0] if named else str(getattr(law, "__name__", law))


def default(kind: str, name: str, option: str) -> Any:
    """What an option is where nobody says otherwise."""
    return signature(kind, name)[option].default


def place_of(kind: str, name: str) -> Path:
    """The file that holds a part."""
    return _find(kind, name)[0]


def digest(kind: str, name: str) -> str | None:
    """What a user's own file holds, so that its text is part of a run's key; None for the package's parts."""
    return hashlib.sha256(_find(kind, name)[0].read_bytes()).hexdigest()[:16] if ":" in name else None


def _find(kind: str, name: str) -> tuple[Path, str]:
    """The file that a name means, and what it is called there: `moco.py` holds `MoCo`."""
    if ":" in name:
        given, function = name.rsplit(":", 1)
        path = given_path(given, kind)
        if not path.is_file():
            raise InputError(f"{kind} {name!r}: there is no file {given!r} in {Path.cwd()}")
        file = path.resolve()
    elif name in names(kind):
        place, function = ROOT / PLACES[kind], name
        file = place / f"{name}.py" if place.is_dir() else place
    else:
        raise InputError(f"unknown {kind} {name!r}; {nearest(name, names(kind))}")
    called = (function, function.replace("_", ""))
    defined = next((n for n in _definitions(file) if n == function or n.lower() in called), None)
    if defined is None:
        raise InputError(f"{file.name} has no function {function!r}; {nearest(function, _definitions(file))}")
    return file, defined


def _import(file: Path, own: bool) -> ModuleType:
    if own:
        return importlib.import_module(".".join(("anatomy", *file.relative_to(ROOT).with_suffix("").parts)))
    spec = importlib.util.spec_from_file_location(f"anatomy_user_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _definitions(file: Path) -> dict[str, ast.FunctionDef]:
    """Functions by name, and classes by name with their `__init__`; of a file that was edited, the new ones."""
    return _parsed(file, file.stat().st_mtime_ns)


@cache
def _parsed(file: Path, changed: int) -> dict[str, ast.FunctionDef]:
    found = {}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name == "__init__":
                    found[node.name] = method
    return found


# A study of a hundred runs asks thirty thousand times, so these too are kept until the file is edited.
@cache
def _signature(file: Path, changed: int, defined: str) -> dict[str, Option]:
    return {
        arg.arg: Option(arg.arg, _law(arg.annotation), REQUIRED if default is None else ast.literal_eval(default))
        for arg, default in _options(_definitions(file)[defined])
    }


@cache
def _files_of(folder: Path, changed: int) -> list[str]:
    return sorted(file.stem for file in folder.glob("[!_]*.py"))


@cache
def _parts_of(place: Path, changed: int) -> list[str]:
    """Keyword-only arguments, all with defaults, mark a part among a file's helpers."""
    options = {name: _options(node) for name, node in _definitions(place).items() if name[0] != "_"}
    return sorted(n for n, given in options.items() if given and all(default for _, default in given))


def _options(node: ast.FunctionDef) -> list[tuple[ast.arg, ast.expr | None]]:
    """Keyword-only arguments that a number or a word can fill; one annotated with a tensor type is not an option."""
    pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    return [(arg, default) for arg, default in pairs if _law(arg.annotation) is not None]


def _law(annotation: ast.expr | None) -> Any:
    """The type that an annotation's text names, looked up among quantities and built-ins; None for anything else."""
    if annotation is None:
        return Any
    try:
        # The text of our own source or of the user's own file, which is imported anyway when it is used.
        return eval(ast.unparse(annotation), {**vars(builtins), "Literal": Literal, **vars(quantities)})  # noqa: S307
    except NameError:
        return None
