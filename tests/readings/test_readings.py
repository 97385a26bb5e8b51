"""What pages say of claims is right whatever the verdict: each wording. Whole pages: `tests/book/test_reversed.py`."""

import ast
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from anatomy import claims, studies
from anatomy.errors import InputError
from anatomy.readings import Reading, numbers, readings, say
from anatomy.verdicts.combine import CANNOT_SHOW
from anatomy.verdicts.criteria import SMALLER
from anatomy.verdicts.ledger import Judged, Row
from anatomy.verdicts.verdict import Verdict

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
ALL = [(chapter, id) for chapter in studies.names() for id in readings(chapter)]


def judged(word: str, note: str = "") -> Judged:
    return Judged("overnight", "cifar10", "resnet8 width 16", Verdict(word, 1.0, note=note), ())


def rows(chapter: str, word: str, note: str = "") -> list[Row]:
    """The chapter's ledger with one word for every claim."""
    return [Row(claim, (judged(word, note),)) for claim in claims.all_claims(chapter)]


@pytest.mark.parametrize("chapter", studies.names())
def test_every_claim_that_can_fail_has_its_sentences(chapter: str) -> None:
    assert list(readings(chapter)) == [claim.id for claim in claims.all_claims(chapter) if not claim.demonstration]


@pytest.mark.parametrize(("chapter", "id"), ALL)
def test_each_word_has_its_own_sentence(chapter: str, id: str) -> None:
    reading = readings(chapter)[id]
    said = {word: reading.of(judged(word, "n = 4 would decide" if word == "undecided" else ""))
            for word in ("holds", "does not hold", "undecided", "not run")}  # fmt: skip
    assert said["holds"] == f"Holds (overnight, cifar10): {reading.holds}"
    assert said["does not hold"] == f"Does not hold (overnight, cifar10). {reading.fails}"
    assert said["undecided"] == f"Undecided (overnight, cifar10): whether {reading.question}. N = 4 would decide."
    assert said["not run"] == reading.of(None) == f"Not run: whether {reading.question}."
    for one in (reading.holds, reading.fails):
        assert one.endswith(".")
        assert sum(one in text for text in said.values()) == 1
    assert not reading.question.endswith(".")


def test_an_effect_that_is_smaller_than_claimed_is_said_to_be() -> None:
    reading = Reading("a", "B.", "C.")
    assert reading.of(judged("holds", SMALLER)) == "Holds (overnight, cifar10): B. The effect is smaller than claimed."


def of_parts(word: str, note: str = "") -> Judged:
    """A claim of three parts, one of which was judged in two ways."""
    inner = {"own best": Verdict("holds"), "common": Verdict("does not hold")}
    parts = {"a": Verdict("holds"), "b": Verdict("does not hold"), "c": Verdict("does not hold", parts=inner)}
    return Judged("overnight", "cifar10", "resnet8 width 16", Verdict(word, note=note, parts=parts), ())


def test_of_several_parts_those_that_failed_are_named() -> None:
    reading = Reading("a", "B.", "C, or D.")
    failed = "C, or D. What failed: b; c, common."
    assert reading.of(of_parts("does not hold")) == f"Does not hold (overnight, cifar10). {failed}"
    assert reading.in_short(of_parts("does not hold").verdict) == failed
    assert reading.in_short(of_parts("holds").verdict) == "B."
    alone = replace(of_parts("does not hold").verdict, parts={"a": Verdict("does not hold")})
    assert reading.in_short(alone) == "C, or D."


def test_of_an_undecided_claim_the_parts_that_are_decided_are_named() -> None:
    reading = Reading("a", "B.", "C.")
    decided = " Decided so far, and holds: a; c, own best. Decided so far, and does not hold: b; c, common."
    assert reading.in_short(of_parts("undecided").verdict, "; why") == f"It cannot be said yet whether a; why.{decided}"
    few = of_parts("undecided", "1 of the 5 seeds fixed beforehand").verdict
    assert reading.in_short(few) == "It cannot be said yet whether a."
    some = replace(few, parts={"a": Verdict("holds", n=5), "b": Verdict("holds", n=1)})
    assert reading.in_short(some) == "It cannot be said yet whether a. Decided so far, and holds: a."
    assert reading.of(of_parts("undecided", "n")) == f"Undecided (overnight, cifar10): whether a.{decided} N."
    assert reading.in_short(of_parts("undecided", f"{CANNOT_SHOW} (x)").verdict) == "It cannot be said yet whether a."


def test_of_a_claim_that_was_not_run_the_parts_with_all_their_seeds_are_named() -> None:
    reading, whole = Reading("a", "B.", "C."), of_parts("not run").verdict
    some = replace(whole, parts={"a": Verdict("not run"), "b": Verdict("holds", n=5), "c": Verdict("holds", n=4)})
    assert reading.of(replace(of_parts("not run"), verdict=some), 5) == (
        "Not run: whether a. Decided so far, and holds: b."
    )
    assert reading.in_short(some, seeds=6) == "It cannot be said yet whether a."


def test_what_is_said_ends_with_what_was_measured() -> None:
    """Of several parts each by its name and with its unit, and without an interval where a part has none."""
    claim, one = claims.load("family-3"), Verdict("holds", -0.1234, -0.2, 0.1, n=5)
    assert numbers(claim, one) == "measured: \u22120.123 points (\u22120.2 to 0.1, n = 5)"
    parts = {"lead at 32": one, "wider than at 256": Verdict("holds", 2.0, n=3), "third": Verdict("not run")}
    several = (
        "measured: \u22120.123 points (\u22120.2 to 0.1, n = 5) for lead at 32; 2 points (n = 3) for wider than at 256"
    )
    assert numbers(claim, replace(one, parts=parts)) == several
    assert numbers(claim, Verdict("not run")) == ""
    row = Row(claim, (Judged("overnight", "cifar10", "resnet8 width 16", replace(one, word="does not hold"), ()),))
    ends = "there than at 256. Measured: \u22120.123 points (\u22120.2 to 0.1, n = 5)."
    assert say("loss_family", [row], "family-3").endswith(ends)


def test_a_claim_without_sentences_is_refused() -> None:
    with pytest.raises(InputError, match="nothing is written to be said of 'dictionary-1'; did you mean dictionary-1"):
        say("dictionary_size", [], "dictionary-1")


# --- the pages


def read_cells(chapter: str) -> list[str]:
    """The lines of a chapter's notebook that say something by a verdict."""
    cells = nbformat.read(NOTEBOOKS / f"{chapter}.ipynb", as_version=4).cells
    lines = (line for cell in cells if cell.cell_type == "code" for line in ast.parse(cell.source).body)
    return [text for line in lines if (text := ast.unparse(line)).startswith("display(Markdown(say(")]


def page(chapter: str, ledger: list[Row]) -> str:
    """All that a chapter's page says by verdicts, with these in the place of its studies'."""
    said: list[str] = []
    study = SimpleNamespace(verdicts=lambda: ledger)
    names: dict[str, Any] = {"say": say, "study": study, "deep": study, "Markdown": str, "display": said.append}
    for cell in read_cells(chapter):
        exec(cell, names)
    return "\n".join(said)


@pytest.mark.parametrize("chapter", studies.names())
def test_every_reading_stands_on_its_page(chapter: str) -> None:
    text = page(chapter, rows(chapter, "not run"))
    assert {id for id in readings(chapter) if f"*{id}.*" in text} == readings(chapter).keys() - ON_NO_PAGE


ON_NO_PAGE = {"normalization-7"}  # asks for a data set that no page shows; it stands in the ledger
