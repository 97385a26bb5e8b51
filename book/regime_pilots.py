"""The pilots by which the overnight preset was chosen, as benchmarks/results/regime_pilots.json has them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anatomy.verdicts.numbers import number
from markup import numbers_from, table

FILE = Path(__file__).resolve().parent.parent / "benchmarks" / "results" / "regime_pilots.json"
INTRODUCTION = """
## The pilots of the overnight preset

Network, resolution, length and rates of the preset `overnight` were chosen by pilots, before the runs that judge. Each
departs from *base* in what its name says (*stem1*: a stem of stride 1; *e8*: 8 passes; *w*: width), and
`benchmarks/pilots.py` has the settings. One seed each, on 5,000 held-out training images, trained on the other 45,000:
a standard error of 0.7 points. Unless the name says otherwise they were trained on {card}, on {date};
`benchmarks/results/regime_pilots.json` has their times too.
"""
HEAD = ("pilot", "passes", "kNN accuracy, %", "effective rank")
Pilot = Mapping[str, Any]  # JSON


def regime_pilots(file: Path = FILE) -> str:
    """The section in MyST, the best one first."""
    found = json.loads(file.read_text("utf-8"))
    runs = sorted(filter(passes, found["runs"]), key=lambda pilot: -pilot["accuracy"])
    made = INTRODUCTION.format(card=found["card"], date=found["date"])
    return "\n".join([made, table(HEAD, [row(pilot) for pilot in runs]), "", numbers_from(FILE.name), ""])


def passes(pilot: Pilot) -> int:
    """Of a pilot that was one run; of a mean over others, 0."""
    return int(pilot.get("run", {}).get("epochs", 0))


def row(pilot: Pilot) -> tuple[str, ...]:
    return pilot["name"], str(passes(pilot)), f"{pilot['accuracy']:.1f}", number(pilot.get("rank"))
