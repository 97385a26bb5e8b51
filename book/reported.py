"""What the papers report of what a claim measures: numbers out of the sources that the claims name, and no others.

`reported.toml` has them; a test finds each in the text of its claim's source.
"""

import tomllib
from functools import cache
from math import log
from pathlib import Path
from typing import TypedDict

FILE = Path(__file__).with_suffix(".toml")


class Reported(TypedDict, total=False):
    """Numbers as text, of which one is made, and on which data and how long."""

    sum: list[str]
    ratio: list[str]
    of: str


@cache
def all_reported() -> dict[str, dict[str, Reported]]:
    """By the claim's id and the part's name."""
    found: dict[str, dict[str, Reported]] = tomllib.loads(FILE.read_text("utf-8"))
    return found


def reported(id: str, part: str) -> tuple[float, str] | None:
    """The value, in the unit of the part, and what it is of; of parts that are judged in two ways, the name's end says
    which."""
    of_claim = all_reported().get(id, {})
    name = next((name for name in of_claim if part == name or part.endswith(f", {name}")), None)
    return None if name is None else (value(of_claim[name]), of_claim[name]["of"])


def value(given: Reported) -> float:
    if "ratio" in given:
        over, under = map(float, given["ratio"])
        return log(over / under)
    return sum(map(float, given["sum"]))
