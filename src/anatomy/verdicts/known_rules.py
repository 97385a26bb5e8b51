"""The history of each rule: since when it stands, and which older digests mean the same rule.

`rules.json` is written by `tests/verdicts/snapshot.py`, which accepts an older digest as equal only where the rewritten
rule says what the old one said, on published and planted tables.
"""

import json
from datetime import datetime
from functools import cache
from math import inf
from pathlib import Path
from typing import TypedDict

FILE = Path(__file__).with_name("rules.json")


class Known(TypedDict):
    """Of one rule: its digest, the older digests that it is equal to, and the commit that it came with, with its time,
    ISO 8601, UTC; empty where it is not known."""

    digest: str
    equal: list[str]
    commit: str
    written: str


@cache
def known_rules() -> dict[str, Known]:
    """By the claim's id; a rule that was written since the file was has no entry, or one of another digest."""
    known: dict[str, Known] = json.loads(FILE.read_text("utf-8"))
    return known


def equal_to(id: str, digest: str) -> list[str]:
    """Digests under which the rule of this digest was known before."""
    known = known_rules().get(id)
    return known["equal"] if known is not None and known["digest"] == digest else []


def written(id: str, digest: str) -> float:
    """When the rule of this digest came, seconds since 1970; infinity where no commit is known to have it."""
    known = known_rules().get(id)
    if known is None or known["digest"] != digest or not known["written"]:
        return inf
    return datetime.fromisoformat(known["written"]).timestamp()


def dates(id: str) -> dict[str, str]:
    """Since when a rule stands: what the ledger shows of it."""
    known = known_rules().get(id)
    if known is None:
        return {"rule_commit": "", "rule_written": ""}
    return {"rule_commit": known["commit"], "rule_written": known["written"]}
