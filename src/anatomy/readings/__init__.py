"""What a page says of a claim: a sentence for each verdict, so that it is right whatever the runs show.

One file a chapter, `READINGS` by the claim's id. A sentence that rests on runs stands here or comes from their numbers;
what stands in a page's own prose is about a formula, a setting or a source.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module

from anatomy.errors import InputError, nearest
from anatomy.verdicts.claim import Claim, Part, part_of
from anatomy.verdicts.combine import CANNOT_SHOW, FEWER_SEEDS, flat_parts
from anatomy.verdicts.criteria import SMALLER
from anatomy.verdicts.designs import seeds_of
from anatomy.verdicts.ledger import Judged, Row
from anatomy.verdicts.numbers import interval, number
from anatomy.verdicts.verdict import Verdict, Word


@dataclass(frozen=True)
class Reading:
    """`question` completes "it is undecided whether ..."; `holds` and `fails` are whole sentences."""

    question: str
    holds: str
    fails: str

    def of(self, one: Judged | None, seeds: int = 0, numbers: str = "") -> str:
        """The sentence that a verdict allows, with its `numbers`; None: there is none. Of `seeds` a part needs as many
        to be decided."""
        verdict = None if one is None else one.verdict
        if one is None or verdict is None or verdict.word == "not run":
            return f"Not run: whether {self.question}.{decided_so_far(verdict, seeds)}"
        where = f"{one.preset}, {one.dataset}"
        if verdict.word == "undecided":
            said = f"Undecided ({where}): whether {self.question}.{decided_so_far(verdict)}"
            return " ".join([said, *_sentence(verdict.note), *_sentence(numbers)])
        # A full stop after `Does not hold`: what follows is what was found in its place, and not what does not hold.
        said = f"Holds ({where}): {self.holds}" if verdict.word == "holds" else f"Does not hold ({where}). {self.fails}"
        return " ".join([f"{said}{_smaller(verdict)}{_failed(verdict)}", *_sentence(numbers)])

    def in_short(self, verdict: Verdict, why: str = "", seeds: int = 0) -> str:
        """The same beside the word itself, which is not said again; `why` ends a sentence on what is undecided."""
        if verdict.word in ("undecided", "not run"):
            return f"It cannot be said yet whether {self.question}{why}.{decided_so_far(verdict, seeds)}"
        return f"{self.holds if verdict.word == 'holds' else self.fails}{_smaller(verdict)}{_failed(verdict)}"


@dataclass(frozen=True)
class Short:
    """How a claim stands in a chapter's short answer: by the figure of this name, and what the number of each part is
    of; without a part's name, of all others."""

    figure: str
    numbers: Mapping[str, str]

    def of(self, part: str) -> str:
        """What the number of a part is of; of parts that are judged in two ways, the name's end says which."""
        known = next((name for name in self.numbers if name and (part == name or part.endswith(f", {name}"))), "")
        return self.numbers[known] if known else ", ".join(filter(None, [self.numbers.get(""), part]))


def short(chapter: str) -> dict[str, Short]:
    """The claims that answer a chapter's question, by id, in the order in which they are said: named before the runs of
    the night, so that none is chosen for its verdict."""
    found: dict[str, Short] = import_module(f"{__name__}.{chapter}").SHORT
    return found


def words(chapter: str) -> str:
    """What letters and names of a chapter's short answer stand for, for a reader who begins there."""
    said: str = getattr(import_module(f"{__name__}.{chapter}"), "WORDS", "")
    return said


def readings(chapter: str) -> dict[str, Reading]:
    """By the claim's id."""
    found: dict[str, Reading] = import_module(f"{__name__}.{chapter}").READINGS
    return found


def say(chapter: str, rows: Iterable[Row], *ids: str) -> str:
    """One point a claim, in Markdown, by the verdicts in `rows`."""
    known, judged = readings(chapter), {row.claim.id: row for row in rows}
    for id in ids:
        if id not in known:
            raise InputError(f"nothing is written to be said of {id!r}; {nearest(id, known)}")
    return "\n".join(f"- *{id}.* {_said(known[id], judged.get(id), seeds_of(id))}" for id in ids)


def _said(reading: Reading, row: Row | None, seeds: int) -> str:
    one = next(iter(row.verdicts), None) if row else None
    return reading.of(one, seeds, numbers(row.claim, one.verdict) if row and one else "")


def numbers(claim: Claim, verdict: Verdict) -> str:
    """`measured: 1.17 points (0.374 to 1.97, n = 4) for equal epochs`, of each part that has a number, by its name
    where there are several; of a Threshold the least and the greatest seed are in brackets."""
    parts = _leaves(verdict) or {"": verdict}
    found = [_number(part, unit(part_of(claim, name))) + f" for {name}" * bool(name)
             for name, part in parts.items() if part.estimate is not None]  # fmt: skip
    return f"measured: {'; '.join(found)}" if found else ""


def _number(part: Verdict, unit: str) -> str:
    between = "" if part.low is None or part.high is None else f"{interval(part)}, "
    return f"{number(part.estimate)}{unit} ({between}n = {part.n})"


def unit(part: Part) -> str:
    """With the blank before it; of a logarithm and of a share the words say that it is one."""
    return "" if part.shown_unit in ("", "log", "share") else f" {part.shown_unit}"


def _smaller(verdict: Verdict) -> str:
    return " The effect is smaller than claimed." if SMALLER in verdict.note else ""


def _failed(verdict: Verdict) -> str:
    """Which of several parts failed, where `fails` says that one or another did."""
    failed = _parts(verdict, "does not hold")
    return f" What failed: {'; '.join(failed)}." if verdict.word == "does not hold" and failed else ""


def decided_so_far(verdict: Verdict | None, seeds: int = 0) -> str:
    """Which parts of a claim that is undecided, or not run as a whole, are decided on all seeds fixed beforehand; none
    where these runs cannot show it."""
    if verdict is None or CANNOT_SHOW in verdict.note:
        return ""
    asked = FEWER_SEEDS.search(verdict.note)
    seeds = int(asked[2]) if asked else seeds * (verdict.word == "not run")
    held, failed = _parts(verdict, "holds", seeds), _parts(verdict, "does not hold", seeds)
    found = {"Decided so far, and holds": held, "Decided so far, and does not hold": failed}
    return "".join(f" {said}: {'; '.join(parts)}." for said, parts in found.items() if parts)


def _parts(verdict: Verdict, word: Word, seeds: int = 0) -> list[str]:
    """Names of the parts with this verdict on so many seeds, where there are several."""
    parts = _leaves(verdict)
    return [name for name, part in parts.items() if part.word == word and part.n >= seeds] if len(parts) > 1 else []


def _leaves(verdict: Verdict) -> dict[str, Verdict]:
    """The parts that have none of their own, by name; none where the claim has one part."""
    return {name: part for name, part in flat_parts(verdict).items() if not part.parts}


def _sentence(note: str) -> list[str]:
    return [f"{note[0].upper()}{note[1:]}."] if note else []
