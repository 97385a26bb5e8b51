"""The parameters of studies: those that all have, and each study's own grid, parsed and checked."""

import inspect
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from anatomy import studies
from anatomy.errors import InputError, nearest
from anatomy.hardware.machine import MAX_WORKERS
from anatomy.quantities import Count, Positive, Whole
from anatomy.runs import parts
from anatomy.runs.option_types import parse
from anatomy.settings import Settings


def words(value: object) -> object:
    """Lists may come as text, `0,1,2` or `[0, 1, 2]`, and one number alone as itself: so papermill passes them."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [value]
    return [w.strip() for w in value.strip("[]() ").split(",") if w.strip()] if isinstance(value, str) else value


def seconds(value: object) -> object:
    """`9m`, `90s`, `1h` or a number of seconds; nothing means no limit."""
    if isinstance(value, str) and value.strip():
        units = {"s": 1, "m": 60, "h": 3600}
        number, unit = value.strip()[:-1], value.strip()[-1].lower()
        try:
            return float(number) * units[unit] if unit in units else float(value)
        except ValueError:
            raise ValueError("it must be a time such as 90s, 9m or 1h") from None
    return None if value == "" else value


def nothing(value: object) -> object:
    """Empty text in a notebook's cell means: not given."""
    return None if value in ("", ()) or value == [] else value


def text(value: object) -> object:
    """A name; papermill and YAML make a number of 2024, which is written as before, and values of 1e3 and true."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if nothing(value) is None or isinstance(value, str | Path):
        return str(value or "") or None
    raise ValueError("it must be a text; if papermill or YAML made it of a name, give the name with -r, or in quotes")


OptionalText = BeforeValidator(text)
# The parameters that every study has, beside its own grid.
COMMON: Settings = {
    "preset": Literal["smoke", "laptop", "overnight", "gpu", "published"],
    "dataset": Annotated[str | None, OptionalText],
    "data_root": Annotated[str | None, OptionalText],
    "seeds": Annotated[tuple[Whole, ...] | None, BeforeValidator(lambda v: nothing(words(v)))],
    "device": Annotated[str | None, OptionalText],
    "store": Annotated[str | None, OptionalText],
    "records": Literal["compare", "use", "ignore"],
    "time_limit": Annotated[Positive | None, BeforeValidator(seconds)],
    "workers": Annotated[
        Annotated[Count, Field(le=MAX_WORKERS)] | None, BeforeValidator(lambda v: None if v in (0, "0", "") else v)
    ],
    "cluster": Annotated[str | None, OptionalText],
}


def grid_options(chapter: str) -> dict[str, parts.Option]:
    """The study's own parameters: keyword-only arguments of its `arms`, without what the preset says."""
    given = inspect.signature(studies.load(chapter).arms).parameters.values()
    own = [p for p in given if p.kind is p.KEYWORD_ONLY and p.name != "full"]
    return {p.name: parts.Option(p.name, p.annotation, p.default) for p in own}


def parse_grid(chapter: str, grid: Settings) -> Settings:
    """A study's own parameters, parsed and checked by the annotations of its `arms`."""
    known = grid_options(chapter)
    for name in grid:
        if name not in known:
            raise InputError(f"unknown parameter {name!r}; {nearest(name, [*COMMON, *known])}")
    lists = {name: words(v) if "tuple" in str(known[name].type) else v for name, v in grid.items()}
    return {name: parse(name, value, known[name].type, known[name].default) for name, value in lists.items()}
