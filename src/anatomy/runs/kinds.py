"""The kinds of parts that a run is made of, and a part as a name with its options."""

from math import inf
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from anatomy.runs import parts
from anatomy.settings import Settings

# Fields that name one part each, and those that name several: field to kind.
SINGLE = {kind: kind for kind in ("method", "loss", "transform", "backbone", "norm", "projector", "views")}
SEVERAL = {"recorders": "recorder", "measures": "measure"}
# Some parts serve another: a method with an objective of its own wants no loss, and none is part of its run.
SERVES = {"loss": "method", "transform": "method", "norm": "backbone"}


class Part(BaseModel):
    """A name and its options; the name alone may be given as text."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str
    options: Settings = {}


def as_part(value: object) -> object:
    """`"simco"`, `{"simco": {...}}` (the form that a record holds) or a Part."""
    if isinstance(value, str):
        return Part(name=value)
    if isinstance(value, dict) and len(value) == 1 and "name" not in value:
        ((name, options),) = value.items()
        return Part(name=name, options=options)
    return value


OnePart = Annotated[Part, BeforeValidator(as_part)]
Names = Annotated[tuple[OnePart, ...], BeforeValidator(lambda v: v.split(",") if isinstance(v, str) else v)]


def wanted(field: str, owner: Part) -> bool:
    return field in parts.wants(SERVES[field], owner.name)


def lean(kind: str, part: Part) -> Part:
    """The part with its options checked, those equal to the signature's default left out: they are not its content."""
    checked = parts.check(kind, part.name, part.options)
    known = parts.signature(kind, part.name)
    return Part(name=part.name, options={k: v for k, v in checked.items() if v != known[k].default})


def as_json(part: Part) -> Settings:
    """JSON has no infinity: it is written as text, which the type of a temperature reads back. Nor has it tuples."""
    return {part.name: {name: _plain(value) for name, value in sorted(part.options.items())}}


def _plain(value: object) -> object:
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    return "inf" if value == inf else value
