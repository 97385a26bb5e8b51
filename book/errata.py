"""The page of errata: each rule that was changed after runs had been judged by it, as it was and as it is.

Drawn from `errata/errata.toml`, from the verdicts published before (`errata/verdicts_before.json`), and from the
ledger as it is now.
"""

import json
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TypedDict

from anatomy.verdicts.ledger import Judged, Row
from anatomy.verdicts.numbers import interval, number
from anatomy.verdicts.rule_text import rule_text
from markup import plain, table
from wording import chip, note

FOLDER = Path(__file__).parent / "errata"
INTRODUCTION = """# Errata

Rules that were changed after runs had been judged by them: what changed and why, the rule and the verdicts as they were
published, and the rule as it is. Runs that were made under an older rule are shown as such in the
{doc}`ledger <ledger>`, and judge nothing in the end: the next runs do. The overnight runs that were judged before are
of an earlier recipe; they lie in the folder `records/archive`, where they can be read, and judge nothing. An error that
is not here yet: {ref}`found-an-error`.

:::{div} provenance
"Published before" is <a href="../verdicts_before.json">as it was frozen then</a>; "today" is the
{doc}`ledger <ledger>`, which has the runs of each claim.
:::
"""
CHANGED = """## Verdicts that are not what they were

| claim | where | published before | today |
|---|---|---|---|
"""


class Published(TypedDict):
    """A verdict as it was published."""

    preset: str
    dataset: str
    verdict: str
    estimate: float | None
    low: float | None
    high: float | None
    note: str


class Before(TypedDict):
    """A claim as it was published."""

    id: str
    digest: str
    rule: str
    verdicts: list[Published]


class Erratum(TypedDict):
    """`claims` are all that the change reaches."""

    date: date
    claims: list[str]
    change: str
    reason: str


def errata() -> list[Erratum]:
    found: list[Erratum] = tomllib.loads((FOLDER / "errata.toml").read_text("utf-8"))["erratum"]
    return found


def before() -> dict[str, Before]:
    """By the claim's id."""
    frozen: list[Before] = json.loads((FOLDER / "verdicts_before.json").read_text("utf-8"))["claims"]
    return {claim["id"]: claim for claim in frozen}


def errata_page(rows: Sequence[Row]) -> str:
    """The page in MyST."""
    now, then, changes = {row.claim.id: row for row in rows}, before(), errata()
    changed = dict.fromkeys(id for id in now for erratum in changes if id in erratum["claims"])
    moved = [line for id in changed for line in moves(now[id], then[id])]
    return "\n".join(
        [INTRODUCTION, CHANGED + "\n".join(moved), "", *(entry(now[id], then[id], changes) for id in changed)]
    )


def moves(now: Row, then: Before) -> Iterator[str]:
    """A line for each place where the word is another one."""
    for old, new in pairs(now, then):
        word = new.verdict.word if new else "not run"
        if word != old["verdict"].partition(",")[0]:
            place = f"{old['preset']} on {old['dataset']}"
            yield f"| {{ref}}`{then['id']}` | {place} | {chip(old['verdict'])} | {chip(word)} |"


def entry(now: Row, then: Before, changes: Sequence[Erratum]) -> str:
    """One claim: its changes with their reasons, both rules, both verdicts."""
    own = [erratum for erratum in changes if then["id"] in erratum["claims"]]
    said = "\n".join(f"- {erratum['date']}: {erratum['change']} {erratum['reason']}" for erratum in own)
    verdicts = [(f"{old['preset']} on {old['dataset']}", was(old), today(new)) for old, new in pairs(now, then)]
    return f"""## {{ref}}`{then["id"]}`

{plain(now.claim.statement)}

{said}

The rule as it was
: {plain(then["rule"])}

The rule as it is
: {plain(rule_text(now.claim))}

{table(("where", "published before", "today, by the new rule"), verdicts)}
"""


def pairs(now: Row, then: Before) -> list[tuple[Published, Judged | None]]:
    """Each verdict of before, beside that of the same preset and data set today."""
    judged = {(one.preset, one.dataset): one for one in now.verdicts}
    return [(old, judged.get((old["preset"], old["dataset"]))) for old in then["verdicts"]]


def was(old: Published) -> str:
    between = "" if old["low"] is None or old["high"] is None else f"{number(old['low'])} to {number(old['high'])}"
    return in_words(old["verdict"], old["estimate"], between, old["note"])


def today(new: Judged | None) -> str:
    if new is None:
        return "not judged"
    between = "" if new.verdict.low is None else interval(new.verdict)
    return in_words(new.verdict.word, new.verdict.estimate, between, note(new.verdict))


def in_words(word: str, estimate: float | None, between: str, note: str) -> str:
    """`holds, 1.2 (0.4 to 2.0)`, and the note."""
    numbers = "" if estimate is None else f", {number(estimate)}" + (f" ({between})" if between else "")
    return f"**{word}**{numbers}" + (f"; {plain(note)}" if note else "")
