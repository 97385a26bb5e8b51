"""What a page says of a claim: a sentence for each verdict, so that it is right whatever the runs show.

One file a chapter, `READINGS` by the claim's id. A sentence that rests on runs stands here or comes from their numbers;
what stands in a page's own prose is about a formula, a setting or a source.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module

from anatomy.errors import InputError, nearest
from anatomy.verdicts.criteria import SMALLER
from anatomy.verdicts.ledger import Judged, Row
from anatomy.verdicts.verdict import Verdict


@dataclass(frozen=True)
class Reading:
    """`question` completes "it is undecided whether ..."; `holds` and `fails` are whole sentences."""

    question: str
    holds: str
    fails: str

    def of(self, one: Judged | None) -> str:
        """The sentence that a verdict allows; None: there is none."""
        verdict = None if one is None else one.verdict
        if one is None or verdict is None or verdict.word == "not run":
            return f"Not run: whether {self.question}."
        where = f"{one.preset}, {one.dataset}"
        if verdict.word == "undecided":
            return " ".join([f"Undecided ({where}): whether {self.question}.", *_sentence(verdict.note)])
        said = self.holds if verdict.word == "holds" else self.fails
        return f"{said}{_smaller(verdict)} ({'Holds' if verdict.word == 'holds' else 'Does not hold'}: {where}.)"

    def in_short(self, verdict: Verdict, why: str = "") -> str:
        """The same beside the word itself, which is not said again; `why` ends a sentence on what is undecided."""
        if verdict.word == "undecided":
            return f"It cannot be said yet whether {self.question}{why}."
        return f"{self.holds if verdict.word == 'holds' else self.fails}{_smaller(verdict)}"


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
    return "\n".join(f"- *{id}.* {known[id].of(next(iter(judged.get(id, ())), None))}" for id in ids)


def _smaller(verdict: Verdict) -> str:
    return " The effect is smaller than claimed." if SMALLER in verdict.note else ""


def _sentence(note: str) -> list[str]:
    return [f"{note[0].upper()}{note[1:]}."] if note else []
