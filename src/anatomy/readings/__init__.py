"""What a page says of a claim: a sentence for each verdict, so that it is right whatever the runs show.

One file a chapter, `READINGS` by the claim's id. A sentence that rests on runs stands here or comes from their numbers;
what stands in a page's own prose is about a formula, a setting or a source.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module

from anatomy.errors import InputError, nearest
from anatomy.verdicts.combine import CANNOT_SHOW, FEWER_SEEDS, flat_parts
from anatomy.verdicts.criteria import SMALLER
from anatomy.verdicts.designs import seeds_of
from anatomy.verdicts.ledger import Judged, Row
from anatomy.verdicts.verdict import Verdict, Word


@dataclass(frozen=True)
class Reading:
    """`question` completes "it is undecided whether ..."; `holds` and `fails` are whole sentences."""

    question: str
    holds: str
    fails: str

    def of(self, one: Judged | None, seeds: int = 0) -> str:
        """The sentence that a verdict allows; None: there is none. Of `seeds` a part needs as many to be decided."""
        verdict = None if one is None else one.verdict
        if one is None or verdict is None or verdict.word == "not run":
            return f"Not run: whether {self.question}.{decided_so_far(verdict, seeds)}"
        where = f"{one.preset}, {one.dataset}"
        if verdict.word == "undecided":
            said = f"Undecided ({where}): whether {self.question}.{decided_so_far(verdict)}"
            return " ".join([said, *_sentence(verdict.note)])
        said, word = (self.holds, "Holds") if verdict.word == "holds" else (self.fails, "Does not hold")
        return f"{word} ({where}): {said}{_smaller(verdict)}{_failed(verdict)}"

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
    known, judged = readings(chapter), {row.claim.id: row.verdicts for row in rows}
    for id in ids:
        if id not in known:
            raise InputError(f"nothing is written to be said of {id!r}; {nearest(id, known)}")
    return "\n".join(f"- *{id}.* {known[id].of(next(iter(judged.get(id, ())), None), seeds_of(id))}" for id in ids)


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
    parts = {name: part for name, part in flat_parts(verdict).items() if not part.parts}
    return [name for name, part in parts.items() if part.word == word and part.n >= seeds] if len(parts) > 1 else []


def _sentence(note: str) -> list[str]:
    return [f"{note[0].upper()}{note[1:]}."] if note else []
