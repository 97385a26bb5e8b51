"""The page of all claims: one table, a row a claim, with what was claimed, by whom, and what the runs said of it.

The rows are those of `anatomy claims`; nothing is computed or typed here. `templates/ledger.md` lays them out, and
`assets/ledger.js` filters them: without it all are there.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from anatomy import claims
from anatomy.chapters import CHAPTERS
from anatomy.cli.known import with_runs
from anatomy.readings import unit
from anatomy.study import presets, request
from anatomy.verdicts import Claim, Part, Verdict, ledger
from anatomy.verdicts.claim import part_of
from anatomy.verdicts.combine import flat_parts
from anatomy.verdicts.known_rules import dates
from anatomy.verdicts.ledger import Judged, Row
from anatomy.verdicts.numbers import number
from anatomy.verdicts.rule_text import rule_text
from filled import CHAPTER_OF, filled
from interval_plot import interval_plot
from rendered import Chapter
from reported import reported
from wording import WORDS, deciding, kind, largest

WHOSE = {
    "paper": "The paper's: the sentence, table or figure was seen.",
    "code": "The authors' code's.",
    "ours": "Ours: derived here, a control, or known only at second hand.",
}

CARRIED = Path(__file__).parent / "chapters" / "records"  # of the reader's own runs, written with the chapters

CHOICES = {  # of the filters
    "chapter": {name: ", ".join(chapter.families.values()) for name, chapter in CHAPTERS.items()},
    "whose": {word: word for word in WHOSE},
    "verdict": {kind(word): word for word in WORDS},
    "preset": {name: name for name in presets.PRESETS if name != "smoke"},
}


def read_rows() -> list[Row]:
    """The claims with their verdicts on whatever the store and records/ hold, as `anatomy claims` shows them."""
    known = argparse.Namespace(store=None, data_root=None)
    return ledger.ledger([study.as_evidence() for study in with_runs(known)], claims.all_claims())


def ledger_page(rows: Sequence[Row], pages: Mapping[str, Chapter]) -> str:
    """The page in MyST; `pages` are those of the chapters, to link to."""
    entries = [Entry.of(row, pages) for row in rows]
    judged = [one for one in entries if not one.claim.demonstration]
    shown = [one for one in entries if one.claim.demonstration]
    of_claims = {"family": family, "dated": dated, "rule_text": rule_text, "WHOSE": WHOSE, "CHOICES": CHOICES}
    given = {"counts": counts(judged), "pages": pages, "records": records()}
    return filled("ledger.md", judged=judged, shown=shown, **given, **of_claims)


def records() -> set[str]:
    """The keys of the runs whose records the book carries."""
    folders = (request.PUBLISHED, request.PUBLISHED / "archive", CARRIED)
    return {path.stem for folder in folders for path in folder.glob("*.json")}


@dataclass(frozen=True)
class Effect:
    """The number of a verdict or of a part of it, what it is judged by, and what was reported of it, and of what."""

    verdict: Verdict
    part: Part
    reported: tuple[float, str] | None

    @property
    def picture(self) -> Markup:
        return Markup(interval_plot(self.verdict, self.part.criterion, self.reported and self.reported[0]))

    @property
    def estimate(self) -> str:
        return number(self.verdict.estimate) + ("" if self.verdict.estimate is None else unit(self.part))


@dataclass(frozen=True)
class Entry:
    """What the table has of a claim."""

    row: Row
    figure: str | None  # the name of the one that shows it

    @classmethod
    def of(cls, row: Row, pages: Mapping[str, Chapter]) -> "Entry":
        chapter = CHAPTER_OF[family(row.claim)]
        return cls(row, pages[chapter].figure_of(chapter, row.claim.id) if chapter in pages else None)

    @property
    def claim(self) -> Claim:
        return self.row.claim

    @property
    def chapter(self) -> str:
        return CHAPTER_OF[family(self.claim)]

    @property
    def places(self) -> dict[str, Judged | None]:
        """The verdict on photographs and that on shapes, each of the largest preset that was run."""
        shapes = [one for one in self.row.verdicts if one.dataset == "shapes"]
        photographs = [one for one in self.row.verdicts if one.dataset != "shapes"]
        return {"photographs": largest(photographs), "shapes": largest(shapes)}

    @property
    def numbers(self) -> dict[str, Judged]:
        """Of the places where there is an estimate."""
        return {place: one for place, one in self.places.items() if one and one.verdict.estimate is not None}

    @property
    def climbed(self) -> list[Judged]:
        """Those of which the effect was measured at several lengths of training."""
        return [one for one in self.places.values() if one and one.trend]

    @property
    def found_by(self) -> str:
        """`overnight:undecided laptop:holds`: what the filters ask for."""
        return " ".join(f"{one.preset}:{kind(one.verdict.word)}" for one in self.row.verdicts) or "none:not-run"

    @property
    def runs(self) -> int:
        return len({key for one in self.row.verdicts for key in self.keys(one)})

    def keys(self, one: Judged) -> list[str]:
        """Of the runs behind a verdict; of one that is "not run", of those of its parts that were run."""
        return sorted({*one.runs, *one.verdict.keys})

    def effect(self, verdict: Verdict, name: str = "") -> Effect:
        """Of the verdict itself, or of its part of this name."""
        name, part = (name, part_of(self.claim, name)) if name else deciding(self.claim, verdict)
        return Effect(verdict, part, reported(self.claim.id, name))

    def effects(self, one: Judged) -> Iterator[tuple[str, Effect]]:
        """The verdict, and where it is made of parts, each of them by name."""
        yield "", self.effect(one.verdict)
        for name, part in flat_parts(one.verdict).items():
            yield name, self.effect(part, name)


def family(claim: Claim) -> str:
    """The first part of its id."""
    return claim.id.rpartition("-")[0]


def counts(entries: Sequence[Entry]) -> dict[str, Counter[str]]:
    """How many verdicts of each word, on photographs and on shapes."""
    found: dict[str, Counter[str]] = {"photographs": Counter(), "shapes": Counter()}
    for entry in entries:
        for place, one in entry.places.items():
            found[place][one.verdict.word if one else "not run"] += 1
    return found


def dated(row: Row) -> str:
    """Since when the rule stands, and when its first run began (a rule that came later says so beside its verdict)."""
    of, first = dates(row.claim.id), row.first_run
    written, judged = of["rule_written"], any(one.runs for one in row.verdicts)
    if not written:
        return "Its commit is not known yet."
    rule = f"Written {minute(written)}, commit {of['rule_commit']}"
    if not first:
        return f"{rule}; {'its runs began before it' if judged else 'no run yet'}."
    later = ", before that commit: the run holds the rule's digest" if first < written else ""
    return f"{rule}; first run {minute(first)}{later}."


def minute(time: str) -> str:
    """`2026-11-22 18:02 UTC` of an ISO time: a night's runs begin within the hour of their rules."""
    return time[:16].replace("T", " ") + " UTC"
