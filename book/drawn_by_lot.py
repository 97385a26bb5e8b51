"""Published numbers that a lot chose and that were made again, as `tools/by_lot.py` wrote them down."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anatomy.study.request import PUBLISHED
from anatomy.verdicts.numbers import number
from markup import code, table
from wording import DATA

FOLDER = PUBLISHED / "by-lot"
Made = Mapping[str, Any]  # one number, as JSON
HEAD = (
    "claim",
    "preset",
    "images",
    "published (interval)",
    "made again (interval)",
    "runs",
    "on",
    "again on",
    "hours",
)
NONE = "None was drawn yet."
INTRODUCTION = """
## Numbers drawn by lot

A word, chosen before anything was looked at, draws some of the numbers published by then that have an interval. Their
runs are trained again in an empty store, without the published records, and judged by the same rule
(`tools/by_lot.py`): each number should lie in the interval of the published one. Not every one will: on another kind of
processor rounding soon leads to other weights, so the second mean has a spread of its own, and where it is as large as
the first's, a 95 % interval holds the second mean 91 times of 100 with 3 seeds, 88 with 5 and 85 with 12.
"""


def by_lot(folder: Path = FOLDER) -> str:
    """The section in MyST, a table for each word."""
    return "\n".join([INTRODUCTION, *(map(said, sorted(folder.glob("*.json"))) if folder.is_dir() else [NONE]), ""])


def said(file: Path) -> str:
    drawn = json.loads(file.read_text("utf-8"))
    made = drawn["numbers"]
    within = sum(bool(one["within"]) for one in made)
    told = f"{within} of the {len(made)} that were made again lie in the interval, of {drawn['of']} drawn"
    return "\n".join([f"The word {code(file.stem)}: {told}.\n", table(HEAD, [row(one) for one in made]), ""])


def row(one: Made) -> tuple[str, ...]:
    return (
        f"{{ref}}`{one['claim']} <{one['claim']}>`",
        one["preset"],
        DATA.get(str(one["dataset"]), str(one["dataset"])),
        f"{number(one['published'])} ({number(one['low'])} to {number(one['high'])}), {one['verdict']}",
        f"{number(one['again'])} ({number(one['low_again'])} to {number(one['high_again'])}), {one['verdict_again']}",
        f"{one['runs']}",
        one["kind"],
        one["kind_again"],
        number(one["seconds"] / 3600),
    )
