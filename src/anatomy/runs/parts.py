"""Names are modules: the string in a parameter is the name of a function and of the file that holds it.

There is no registry to edit. `signature` reads a part's options from its source text, so a configuration is checked,
and its key computed, without importing torch; `load` imports the part when it is about to be used.
A name with a colon, `mine.py:my_loss`, is a user's own file.
"""

import ast
import builtins
import hashlib
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Optional, Union

from pydantic import BeforeValidator, TypeAdapter

from anatomy import quantities
from anatomy.errors import InputError, nearest
from anatomy.runs.definitions import bound, content_of, definition, reject, stamp
from anatomy.runs.option_types import REQUIRED, describe, number, parse
from anatomy.runs.own_file import imported, located

ROOT = Path(__file__).parents[1]  # of the package
# Where each kind lives: a folder (one part a file) or a file (one part a function).
PLACES = {
    "method": "methods",
    "loss": "losses",
    "backbone": "networks/backbones.py",
    "projector": "networks/heads.py",
    "views": "augmentation/views.py",
    "recorder": "recorders",
    "measure": "measures",
    "transform": "transforms",
    "norm": "norms",
}
BY_NAME = {"method", "backbone", "recorder"}  # what is given to these is named in their signature
WITHOUT_OPTIONS = {"pixels"}  # parts of a file of parts: options tell all others from its helpers
# Names that an annotation may use beside the built-in ones.
TYPES = {"Annotated": Annotated, "Any": Any, "Literal": Literal, "Optional": Optional, "Union": Union}


@dataclass(frozen=True)
class Option:
    """A keyword-only argument of a part: its name, the type of its value, and its default (or REQUIRED)."""

    name: str
    type: object
    default: object


def names(kind: str) -> list[str]:
    """The names known for a kind, in alphabetical order."""
    return list(_names(ROOT / PLACES[kind]))


def signature(kind: str, name: str) -> Mapping[str, Option]:
    """The options of a part, in the order of its source; not to be changed. InputError for an unknown name."""
    file, defined = find(kind, name)
    return _signature(file, stamp(file), defined)


def wants(kind: str, name: str) -> tuple[str, ...]:
    """What a part is made of: the names of its positional arguments, as `encoder, loss, generator` of a method."""
    file, defined = find(kind, name)
    return _wants(kind, file, stamp(file), defined)


@cache
def _wants(kind: str, file: Path, stamp: tuple[int, int], defined: str) -> tuple[str, ...]:
    args, of_class = definition(file, defined).args, isinstance(bound(file)[defined], ast.ClassDef)
    if args.posonlyargs and kind in BY_NAME:
        reject(file, args.posonlyargs[0].lineno, f"what a {kind} is made of is given by name; leave the / out")
    return tuple(arg.arg for arg in (args.posonlyargs + args.args)[of_class:])


def load(kind: str, name: str) -> Callable[..., Any]:  # each kind has a contract of its own
    """The part itself, imported. A class answers to its file's name as well (`moco.py` holds `MoCo`)."""
    file, defined = find(kind, name)
    if ":" not in name:
        module = importlib.import_module(".".join(("anatomy", *file.relative_to(ROOT).with_suffix("").parts)))
        packaged: Callable[..., Any] = getattr(module, defined)
        return packaged
    part: Callable[..., Any] | None = getattr(imported(file), defined, None)
    if not callable(part):
        reject(file, definition(file, defined).lineno, f"{defined!r} is no function once the file has run")
    return part


def check(kind: str, name: str, given: dict[str, object]) -> dict[str, object]:
    """The given options, parsed and valid by its type. Raises InputError in one sentence."""
    known = signature(kind, name)
    checked = {}
    for key, value in given.items():
        if key not in known:
            raise InputError(f"{kind} {name!r} has no option {key!r}; {nearest(key, known)}")
        checked[key] = parse(key, value, known[key].type, known[key].default)
    for key, option in known.items():
        if option.default is REQUIRED and key not in checked:
            raise InputError(f"{kind} {name!r} needs a value for {key!r}: {describe(option.type)}")
    return checked


def default(kind: str, name: str, option: str) -> object:
    """What an option is where nobody says otherwise."""
    return signature(kind, name)[option].default


def place_of(kind: str, name: str) -> Path:
    """The file that holds a part."""
    return find(kind, name)[0]


def digest(kind: str, name: str) -> str | None:
    """What a user's own file holds, so that its text is part of a run's key; None for the package's parts."""
    return hashlib.sha256(content_of(find(kind, name)[0])).hexdigest()[:16] if ":" in name else None


def find(kind: str, name: str) -> tuple[Path, str]:
    """The file that a name means, and what it is called there: `moco.py` holds `MoCo`."""
    if ":" in name:
        return _defined(*located(kind, name))
    return _packaged(ROOT, kind, name)


# A study of a hundred runs asks thirty thousand times, so what is found is kept: of a user's own file until it is
# edited, of the package as long as the process lives, as an import is.
@cache
def _packaged(root: Path, kind: str, name: str) -> tuple[Path, str]:
    place = root / PLACES[kind]
    if name not in _names(place):
        raise InputError(f"unknown {kind} {name!r}; {nearest(name, _names(place))}")
    return _defined(place / f"{name}.py" if place.is_dir() else place, name)


def _defined(file: Path, function: str) -> tuple[Path, str]:
    known, called = bound(file), (function, function.replace("_", ""))
    return file, function if function in known else next((n for n in known if n.lower() in called), function)


@cache
def _signature(file: Path, stamp: tuple[int, int], defined: str) -> dict[str, Option]:
    node = definition(file, defined)
    for arg, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        if default is None and _type_of(file, arg) is None:
            why = f"{arg.arg!r} is no option as a {ast.unparse(arg.annotation or arg)}, and has no default"
            reject(file, arg.lineno, f"{why}; write float, int, bool or str")
    return {arg.arg: _option(file, arg, default) for arg, default in _options(file, node)}


def _option(file: Path, arg: ast.arg, default: ast.expr | None) -> Option:
    type_ = _type_of(file, arg)
    if default is None:
        return Option(arg.arg, type_, REQUIRED)
    try:
        value = ast.literal_eval(default)
    except (ValueError, TypeError):
        why = f"the default of {arg.arg!r} is {ast.unparse(default)}, which is read and not run"
        reject(file, default.lineno, f"{why}; write its value, as in {arg.arg}=0.5")
    of_default = {bool: bool, int: int | float, float: float, str: str}.get(type(value), type_)
    return Option(arg.arg, of_default if arg.annotation is None else type_, value)


@cache
def _names(place: Path) -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in place.glob("[!_]*.py")) if place.is_dir() else _parts_of(place))


def _parts_of(place: Path) -> list[str]:
    """Keyword-only arguments, all with defaults, mark a part among a file's helpers."""
    functions = [n for n, node in bound(place).items() if isinstance(node, ast.FunctionDef) and n[0] != "_"]
    options = {name: _options(place, definition(place, name)) for name in functions}
    named = {name: given for name, given in options.items() if given or name in WITHOUT_OPTIONS}
    return sorted(name for name, given in named.items() if all(default for _, default in given))


def _options(file: Path, node: ast.FunctionDef) -> list[tuple[ast.arg, ast.expr | None]]:
    """Keyword-only arguments that a number or a word can fill; one annotated with a tensor type is not an option."""
    pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    return [(arg, default) for arg, default in pairs if _type_of(file, arg) is not None]


def _type_of(file: Path, arg: ast.arg) -> object:
    """The type that an annotation's text names, looked up among quantities and built-ins; None for anything else."""
    if arg.annotation is None:
        return Annotated[Any, BeforeValidator(number)]
    quoted = arg.annotation.value if isinstance(arg.annotation, ast.Constant) else None
    text = quoted if isinstance(quoted, str) else ast.unparse(arg.annotation)
    try:
        # The text of our own source or of the user's own file, which is imported anyway when it is used.
        type_ = eval(text, {**vars(builtins), **TYPES, **vars(quantities), "quantities": quantities})  # noqa: S307
        TypeAdapter(type_)
    except NameError:
        return None
    except Exception as error:  # whatever a wrong type raises, and pydantic for what is none
        reject(file, arg.lineno, f"the annotation of {arg.arg!r}, {text}, is no type ({type(error).__name__})")
    return type_
