"""The page of all claims: what was claimed, by whom, what decides it, and what the runs said.

Read through the command `anatomy claims --json`; nothing is computed or typed here.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from typing import Any

from anatomy.chapters import CHAPTERS
from anatomy.errors import RunFailed

WORDS = ("holds", "does not hold", "undecided", "not run")
WHOSE = {
    "paper": "the paper, seen",
    "code": "the authors' code",
    "ours": "ours: derived here, a control, or known only at second hand",
}
# The first part of a claim's name is its family; a family belongs to a chapter.
FAMILIES = {family: (name, title) for name, chapter in CHAPTERS.items() for family, title in chapter.families.items()}
INTRODUCTION = """# All claims and their verdicts

One row is one claim under one preset, on one data set, with one network; a verdict never travels
from one to another. {doc}`../how_to_read` says what the four words mean and what decides them. *Not
run* is no result: make the book at a larger preset, and the word changes. A star marks what
survives Holm's correction over its preset. *Trend* says of some claims how the effect that their first
part measures moves with longer training; {doc}`../how_to_read` has its rule too.
"""
HEAD = """| verdict | where | estimate | 95 % interval | n | trend | note |
|---|---|---|---|---|---|---|"""


def read_claims() -> list[dict[str, Any]]:
    """The claims with their verdicts, as the command line gives them."""
    command = [sys.executable, "-m", "anatomy.cli", "claims", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise RunFailed(f"anatomy claims --json failed: {last}")
    found: list[dict[str, Any]] = json.loads(done.stdout)["claims"]
    return found


def ledger_page(claims: list[dict[str, Any]], chapters: set[str]) -> str:
    """The page in MyST; `chapters` are those that have a page to link to."""
    parts = [INTRODUCTION, summary(claims)]
    for family in dict.fromkeys(claim["id"].rsplit("-", 1)[0] for claim in claims):
        file, title = FAMILIES.get(family, (family, family.capitalize()))
        parts.append(f"## {title}\n")
        if file in chapters:
            parts.append(f"Measured in {{doc}}`{file}`.\n")
        parts += [entry(claim) for claim in claims if claim["id"].rsplit("-", 1)[0] == family]
    return "\n".join(parts)


def summary(claims: list[dict[str, Any]]) -> str:
    """How many verdicts of each word; demonstrations, which cannot fail, are counted apart."""
    shown = [claim for claim in claims if claim.get("demonstration")]
    judged = [claim for claim in claims if not claim.get("demonstration")]
    counts = Counter(word(each) for claim in judged for each in verdicts(claim))
    rows = "\n".join(f"| {each} | {counts[each]} |" for each in WORDS)
    apart = f", and {len(shown)} demonstrations, which follow from algebra or from code" if shown else ""
    return f"{len(judged)} claims that can fail{apart}.\n\n| verdict | how often |\n|---|---|\n{rows}\n"


def verdicts(claim: dict[str, Any]) -> list[dict[str, Any]]:
    """Those of the claim; one `not run` where there is none yet."""
    return claim["verdicts"] or [{"verdict": "not run"}]


def word(verdict: dict[str, Any]) -> str:
    """One of the four; `holds, smaller than claimed` is a kind of holds."""
    return next((each for each in WORDS if verdict["verdict"].startswith(each)), "undecided")


def entry(claim: dict[str, Any]) -> str:
    """One claim: its sentence, whose it is and its rule, then a row a verdict and one a part."""
    whose = WHOSE.get(claim["whose"], claim["whose"])
    rows = [line for each in verdicts(claim) for line in lines(each)]
    return f"""({claim["id"]})=
### {claim["id"]}

{plain(claim["statement"])}

Whose
: {whose}. {plain(claim["source"])}

Rule
: {plain(claim["rule"])} {dated(claim)}

{HEAD}
{chr(10).join(rows)}
"""


def dated(claim: dict[str, Any]) -> str:
    """Since when the rule stands, and when its first run began (a rule that came later says so beside its verdict)."""
    written, first = claim.get("rule_written"), claim.get("first_run")
    if not written:
        return "(Its commit is not known yet.)"
    rule = f"Written {minute(written)}, commit `{claim['rule_commit']}`"
    if not first:
        return f"({rule}; no run yet.)"
    later = ", before that commit: the run holds the rule's digest" if first < written else ""
    return f"({rule}; first run {minute(first)}{later}.)"


def minute(time: str) -> str:
    """`2026-11-22 18:02` UTC of an ISO time: a night's runs begin within the hour of their rules."""
    return time[:16].replace("T", " ") + " UTC"


def lines(verdict: dict[str, Any]) -> list[str]:
    """The row of a verdict; where it is made of parts, they follow."""
    parts = verdict.get("parts") or {}
    return [row(verdict)] + [row(part, f"part: {name}") for name, part in parts.items()]


def row(verdict: dict[str, Any], part: str = "") -> str:
    place = [verdict.get(name) for name in ("preset", "dataset", "network")]
    where = part or ", ".join(str(each) for each in place if each) or "–"
    says = verdict["verdict"] + ("\\*" if verdict.get("holm") else "")
    low, high = verdict.get("low"), verdict.get("high")
    interval = "–" if low is None or high is None else f"{number(low)} to {number(high)}"
    seeds = str(verdict.get("n") or "–")
    cells = [says if part else f"**{says}**", plain(where), number(verdict.get("estimate"))]
    return "| " + " | ".join([*cells, interval, seeds, trend(verdict), note(verdict)]) + " |"


def trend(verdict: dict[str, Any]) -> str:
    """How the effect moves over the rungs of training, and between which; of a claim that was not climbed nothing."""
    of = verdict.get("trend")
    if of is None:
        return "–"
    passes = [rung["epochs"] for rung in of["rungs"]]
    return plain("; ".join(filter(None, [f"{of['word']}, {passes[0]} to {passes[-1]} passes", of["note"]])))


def note(verdict: dict[str, Any]) -> str:
    needed = verdict.get("needed")
    more = f"n = {needed} would decide" if needed else ""
    return plain("; ".join(filter(None, [verdict.get("note"), more])))


def plain(text: str) -> str:
    """A sentence as it is: in MyST, stars, dollars and bars would mean something."""
    return re.sub(r"([\\`*_{}\[\]<>$|#~])", r"\\\1", text).replace("\n", " ")


def number(value: float | None) -> str:
    """Three digits say all that a few seeds can; a minus sign and not a hyphen."""
    return "–" if value is None else f"{value:.3g}".replace("-", "−")
