"""How many seeds each claim has, chosen before its runs: `designs.json`, which tools/design.py makes from a pilot.

Of a claim that is not in it chance decides nothing, or no spread that a pilot could show.
"""

import json
from functools import cache
from pathlib import Path
from typing import TypedDict

from anatomy.verdicts.power import LEAST

FILE = Path(__file__).with_name("designs.json")


class PartDesign(TypedDict):
    """`sd` of the part's numbers over the pilot's seeds, in the unit of the margin; `holds` and `fails` are the powers
    of n seeds (`power.Design`). All three are None without a pilot."""

    margin: float
    sd: float | None
    n: int
    holds: float | None
    fails: float | None


class ClaimDesign(TypedDict):
    """The n of the part that needs most, the least powers of all parts, and the runs that showed the spread."""

    n: int
    holds: float | None
    fails: float | None
    date: str
    pilot: dict[str, object] | None
    parts: dict[str, PartDesign]


@cache
def designs() -> dict[str, ClaimDesign]:
    """By the claim's id."""
    found: dict[str, ClaimDesign] = json.loads(FILE.read_text("utf-8"))
    return found


def seeds_of(id: str) -> int:
    """The n of a claim."""
    known = designs().get(id)
    return LEAST if known is None else known["n"]
