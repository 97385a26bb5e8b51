"""The cover: the chapters' questions with their answers, a cell for each claim, three findings by a rule, and buttons.

Drawn from the ledger and from the chapters as they were rendered last; nothing is computed or typed here.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

import about
from anatomy import claims
from anatomy.chapters import CHAPTERS
from anatomy.readings import Short, readings, short
from anatomy.verdicts.ledger import Judged, Row
from filled import CHAPTER_OF, filled
from findings import Finding, findings
from ledger import Entry, family
from rendered import Chapter, Picture
from short_answer import NOTHING, numbers
from wording import DATA, chip, counted, decided_by, largest

SHOWN = 3  # findings
BELOW = 36  # points: an axis, its numbers and its name
VIEW = re.compile(rb'height="[\d.]+pt" viewBox="0 0 ([\d.]+) ([\d.]+)"')
AXES = re.compile(rb'id="axes_1">\s*<g id="patch_2">\s*<path d="M [\d.]+ ([\d.]+)')  # Matplotlib's; its lower edge
SIGNS = {"holds": "✓", "does not hold": "✗", "undecided": "?", "not run": "–"}


def cover(rows: Sequence[Row], pages: Mapping[str, Chapter]) -> dict[str, str | bytes]:
    """The files of the cover, by name: a fragment of MyST, and the pictures that it shows."""
    cards = [Card.of(name, rows, pages.get(name, Chapter())) for name in CHAPTERS]
    found = findings(rows)
    text = filled(
        "cover.md",
        cards=cards,
        families=families(rows, pages),
        whose=Counter(row.claim.attribution for row in rows if not row.claim.demonstration),
        shown=sum(row.claim.demonstration for row in rows),
        findings=[said(finding) for finding in found[:SHOWN]],
        asked=len(found),
        repository=about.citation().get("repository-code"),
        signs=SIGNS,
    )
    return {"cover.md": text} | {card.file: first_panel(card.picture.content) for card in cards if card.picture}


def first_panel(svg: bytes) -> bytes:
    """The upper end of a drawing, down to what is written below its first axes; what has no axes stays as it is."""
    axes, view = AXES.search(svg), VIEW.search(svg)
    if not axes or not view:
        return svg
    height = min(float(axes[1]) + BELOW, float(view[2]))
    return svg.replace(view[0], b'height="%gpt" viewBox="0 0 %s %g"' % (height, view[1], height), 1)


@dataclass(frozen=True)
class Card:
    """A chapter on the cover: its question, what its first claim with a verdict says, and the figure of that."""

    chapter: str
    answer: Markup
    place: str
    picture: Picture | None

    @classmethod
    def of(cls, chapter: str, rows: Sequence[Row], page: Chapter) -> "Card":
        id, one = answering(chapter, rows)
        if one is None:
            return cls(chapter, Markup(NOTHING), "", page.figures.get(short(chapter)[id].figure))
        said = f"{chip(one.verdict.word)} {readings(chapter)[id].in_short(one.verdict)}"
        n = decided_by(claims.load(id), one.verdict).n
        where = f"{DATA.get(one.dataset, one.dataset)}, preset {one.preset}, {counted(n)}"
        return cls(chapter, Markup(said), where, page.figures.get(short(chapter)[id].figure))

    @property
    def file(self) -> str:
        return f"cover-{self.chapter}{self.picture.suffix}" if self.picture else ""


def answering(chapter: str, rows: Sequence[Row]) -> tuple[str, Judged | None]:
    """The first claim of the chapter's short answer that was run, and its verdict; where none was, the first."""
    judged = {row.claim.id: largest(row.verdicts) for row in rows}
    for id in short(chapter):
        one = judged.get(id)
        if one is not None and one.verdict.word != "not run":
            return id, one
    return next(iter(short(chapter))), None


def families(rows: Sequence[Row], pages: Mapping[str, Chapter]) -> dict[str, list[tuple[Entry, str, str]]]:
    """By family each claim with its word and where it was found: on photographs, where it was run on them."""
    found: dict[str, list[tuple[Entry, str, str]]] = {}
    for row in rows:
        entry = Entry.of(row, pages)
        run = [(place, one) for place, one in entry.places.items() if one and one.verdict.word != "not run"]
        place, word = (run[0][0], run[0][1].verdict.word) if run else ("", "not run")
        found.setdefault(family(row.claim), []).append((entry, word, place))
    return found


def said(finding: Finding) -> Markup:
    """A finding as the short answers say it, whose claim it is, and the number that decided it."""
    claim, one = finding.claim, finding.judged
    chapter = CHAPTER_OF[family(claim)]
    source = "from the paper" if claim.attribution == "paper" else "from the authors' code"
    known = readings(chapter)[claim.id].in_short(one.verdict)
    words = short(chapter).get(claim.id, Short("", {"": ""}))  # without words of its own the number has its part's
    where = f"{{ref}}`{claim.id} <{claim.id}>`, {source}, on {DATA.get(one.dataset, one.dataset)}"
    return Markup(f"{chip(one.verdict.word)} {known} {numbers(words, claim, one.verdict)}; {where}.")
