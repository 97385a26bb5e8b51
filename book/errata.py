"""The page of errata: each rule that was changed after runs had been judged by it, as it was and as it is.

Drawn from `errata/errata.toml`, from the verdicts published before (`errata/verdicts_before.json`), and from the
ledger as it is now.
"""

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ledger import number, plain

FOLDER = Path(__file__).parent / "errata"
INTRODUCTION = """# Errata

Rules that were changed after runs had been judged by them: what changed and why, the rule and the verdicts as they were
published, and the rule as it is. Runs that were made under an older rule are shown as such in the {doc}`ledger`, and
judge nothing in the end: the next runs do. The overnight runs that were judged before are of an earlier recipe; they
lie in the folder `records/archive`, where they can be read, and judge nothing.
"""


def errata() -> list[dict[str, Any]]:
    """Date, claims, change and reason of each."""
    found: list[dict[str, Any]] = tomllib.loads((FOLDER / "errata.toml").read_text("utf-8"))["erratum"]
    return found


def before() -> dict[str, dict[str, Any]]:
    """Rule, digest and verdicts of each claim as they were published, by its id."""
    frozen = json.loads((FOLDER / "verdicts_before.json").read_text("utf-8"))
    return {claim["id"]: claim for claim in frozen["claims"]}


def errata_page(claims: Iterable[dict[str, Any]]) -> str:
    """The page in MyST; `claims` as `anatomy claims --json` gives them."""
    now, then, changes = {claim["id"]: claim for claim in claims}, before(), errata()
    changed = dict.fromkeys(id for id in now for erratum in changes if id in erratum["claims"])
    return "\n".join([INTRODUCTION, *(entry(now[id], then[id], changes) for id in changed)])


def entry(now: dict[str, Any], then: dict[str, Any], changes: list[dict[str, Any]]) -> str:
    """One claim: its changes with their reasons, both rules, both verdicts."""
    own = [erratum for erratum in changes if now["id"] in erratum["claims"]]
    said = "\n".join(f"- {erratum['date']}: {erratum['change']} {erratum['reason']}" for erratum in own)
    return f"""## {{ref}}`{now["id"]}`

{plain(now["statement"])}

{said}

The rule as it was
: {plain(then["rule"])}

The rule as it is
: {plain(now["rule"])}

| where | published before | today, by the new rule |
|---|---|---|
{rows(now, then)}
"""


def rows(now: dict[str, Any], then: dict[str, Any]) -> str:
    judged = {(each["preset"], each["dataset"]): each for each in now["verdicts"]}
    places = [(old, judged.get((old["preset"], old["dataset"]))) for old in then["verdicts"]]
    return "\n".join(
        f"| {old['preset']} on {old['dataset']} | {in_words(old)} | {in_words(new) if new else 'not judged'} |"
        for old, new in places
    )


def in_words(verdict: dict[str, Any]) -> str:
    """`holds, 1.2 (0.4 to 2.0)`, and the note."""
    numbers = ""
    if verdict["estimate"] is not None:
        numbers = f", {number(verdict['estimate'])}"
        if verdict["low"] is not None and verdict["high"] is not None:
            numbers += f" ({number(verdict['low'])} to {number(verdict['high'])})"
    note = f"; {plain(verdict['note'])}" if verdict["note"] else ""
    return f"**{verdict['verdict']}**{numbers}{note}"
