"""How many seeds each claim has, chosen before its runs: `designs.json`, which tools/design.py makes from a pilot.

Of a claim that is not in it chance decides nothing, or no spread that a pilot could show.
"""

import json
from functools import cache
from pathlib import Path
from typing import TypedDict

from anatomy.verdicts.power import LEAST, POWER

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


def design_of(id: str) -> ClaimDesign | None:
    """Of a claim; None where it has none."""
    return designs().get(id)


def seeds_of(id: str) -> int:
    """The n of a claim."""
    known = design_of(id)
    return LEAST if known is None else known["n"]


def too_few(design: ClaimDesign | None) -> str:
    """`12 seeds have a power of 0.60 by the pilot, where 0.80 was asked for`, if even the most are too few; else
    nothing."""
    powers = [] if design is None else [design["holds"], design["fails"]]
    known = [power for power in powers if power is not None]
    if design is None or not known or min(known) >= POWER:
        return ""
    return f"{design['n']} seeds have a power of {min(known):.2f} by the pilot, where {POWER:.2f} was asked for"
