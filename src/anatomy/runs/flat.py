"""The flat form of a run: fields and bare options side by side, as the command line and studies give them."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from anatomy.errors import InputError, nearest
from anatomy.runs import option_types, parts
from anatomy.runs.kinds import SERVES, SEVERAL, SINGLE, Names, OnePart, Part, wanted
from anatomy.settings import Settings

Fields = Mapping[str, FieldInfo]  # of a Run


def fields_of(flat: Settings, known: Fields) -> Settings:
    """The fields of a Run, each option given to the part that has it. InputError for unknown names."""
    fields: Settings = {name: _valued(name, value) for name, value in flat.items() if name in known}
    if isinstance(fields.get("recorders", ()), str) or isinstance(fields.get("measures", ()), str):
        fields = {k: _named(v) if k in SEVERAL else v for k, v in fields.items()}
    chosen = _chosen(fields, known)
    options: dict[tuple[str, str], Settings] = {}
    for name, value in flat.items():
        if name not in known:
            owner, option = _owner(name, chosen, known)
            given = options.setdefault(owner, {})
            if option in given:
                raise InputError(f"{option!r} of {owner[1]!r} is given twice; write {option} or {name}, not both")
            given[option] = value
    for field, kind in (SINGLE | SEVERAL).items():
        built = [_with(part, options.get((kind, part.name), {})) for k, part in chosen if k == kind]
        if field in SEVERAL or built:
            fields[field] = tuple(built) if field in SEVERAL else built[0]
    return fields


def _valued(name: str, value: object) -> object:
    """The value of a field; of a flag without one, an InputError, since no field is yes or no."""
    return option_types.parse(name, value, Any) if value is option_types.BARE else value


def _named(value: object) -> tuple[Part, ...]:
    named: tuple[Part, ...] = option_types.adapter(Names).validate_python([w for w in str(value).split(",") if w])
    return named


def _chosen(fields: Settings, known: Fields) -> list[tuple[str, Part]]:
    """(kind, part) of every part that the flat form names or leaves at its default, options not yet given."""
    chosen = []
    for field, kind in (SINGLE | SEVERAL).items():
        given = fields.get(field, known[field].default)
        type_: object = Names if field in SEVERAL else OnePart
        value: Any = _read(field, given, type_)  # one part or several, by the field
        chosen += [(kind, part) for part in (value if field in SEVERAL else [value])]
    for kind, part in chosen:
        parts.signature(kind, part.name)  # an unknown name is answered here, before its options are
    owners = dict(chosen)
    unused = {field for field, kind in SERVES.items() if field not in fields and not wanted(field, owners[kind])}
    return [(kind, part) for kind, part in chosen if kind not in unused]


def _read(field: str, given: object, type_: object) -> object:
    try:
        return option_types.adapter(type_).validate_python(given)
    except ValidationError:
        raise InputError(f"{field} is {given!r}, but it must be a name such as {_example(field)!r}") from None


def _example(field: str) -> str:
    return parts.names((SINGLE | SEVERAL)[field])[0]


def _owner(name: str, chosen: list[tuple[str, Part]], fields: Fields) -> tuple[tuple[str, str], str]:
    """Which part a flat option means: ((kind, part name), option)."""
    head, _, tail = name.rpartition(".")
    owners = [
        (kind, part.name)
        for kind, part in chosen
        if tail in parts.signature(kind, part.name) and head in ("", kind, part.name)
    ]
    if len(owners) == 1:
        return owners[0], tail
    if owners:
        one_of_each = len({kind for kind, _ in owners}) == len(owners)
        ways = " or ".join(f"{kind if one_of_each else part}.{tail}" for kind, part in owners)
        raise InputError(f"{name!r} is an option of several parts; write {ways}")
    known = [*fields, *(o for kind, part in chosen for o in parts.signature(kind, part.name))]
    raise InputError(f"unknown parameter {name!r}; {nearest(name, known)}")


def _with(part: Part, options: Settings) -> Part:
    return Part(name=part.name, options={**part.options, **options})
