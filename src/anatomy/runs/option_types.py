"""The type of an option, as its annotation names it: text is parsed by it, and a wrong value is rejected."""

from contextlib import suppress
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from anatomy import quantities
from anatomy.errors import InputError, nearest

REQUIRED = object()
# A type is an object that pydantic reads, and a value of it is of that type: neither has a type of its own here.
BARE = object()  # the value of a flag without one: yes, where yes or no is asked


def parse(name: str, value: Any, type_: Any, default: object = REQUIRED) -> Any:
    """The value as its type wants it (text from a command line is parsed), or an InputError that states the type."""
    if value is BARE:
        if bool in (type_, *get_args(type_)):
            return True
        raise InputError(f"flag --{name.replace('_', '-')} lacks a value, as in --{name.replace('_', '-')} VALUE")
    if get_origin(type_) is Literal and value not in get_args(type_):
        raise InputError(f"{name} is {value!r}; {nearest(str(value), map(str, get_args(type_)))}")
    try:
        listed = get_origin(type_) is tuple and isinstance(value, str)
        return adapter(type_).validate_python(value.split(",") if listed else value)
    except ValidationError as error:
        said = error.errors()[0]["msg"].replace("Input should be", "it must be").removeprefix("Value error, ")
        hint = "" if default is REQUIRED else f" (the default is {default!r})"
        raise InputError(f"{name} is {value!r}, but {said[0].lower()}{said[1:]}{hint}") from None


def adapter(type_: Any) -> TypeAdapter:  # type: ignore[type-arg]  # beartype does not read TypeAdapter[Any]
    """What reads values of a type; made once, since making it takes longer than a thousand readings."""
    try:
        return _adapter(type_)
    except TypeError:  # a user's own annotation that has no hash, as Literal[[1]]
        return TypeAdapter(type_)


_adapter = cache(TypeAdapter)


def describe(type_: object) -> str:
    """A type in words, for --help and errors."""
    named = [name for name, value in vars(quantities).items() if value is type_]
    return named[0] if named else str(getattr(type_, "__name__", type_))


def number(value: object) -> object:
    """Text from a command line as the number that it is; nothing else says what kind of value is meant."""
    if isinstance(value, str):
        for kind in (int, float):
            with suppress(ValueError):
                return kind(value)
    return value
