"""The box under a chapter's title: what it says of each verdict, from which study, and where it stands."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

import page
import short_answer
import wording
from anatomy import claims
from anatomy.chapters import CHAPTERS
from anatomy.readings import Short, readings, short
from anatomy.study import presets
from anatomy.verdicts import Verdict
from anatomy.verdicts.ledger import Judged, Row
from planted_pages import ROOT, WORLDS

CHAPTER, ID = "dictionary_size", "dictionary-2"
PARTS = {"first to last": Verdict("holds", 4.087, 3.85, 4.32, 3), "every step": Verdict("holds", 0.75, 0.5, 1.0, 3)}
HOLDS = Verdict("holds", 4.087, 3.85, 4.32, 3, parts=PARTS)


def study(verdict: Verdict, preset: str = "laptop", id: str = ID, **more: Any) -> Any:
    """Evidence of one claim."""
    of = presets.load(preset)
    request = SimpleNamespace(preset=of, dataset=of.dataset, base={"epochs": 5})
    row = Row(claims.load(id), (Judged(preset, of.dataset, "resnet8 width 16", verdict, ()),))
    facts = {"runs_done": 12, "runs_asked": 12, "seconds": 250.0, "device": "cpu"}
    made = {"request": request, "verdicts": [row], "network": "resnet8 width 16", "provenance": lambda: facts}
    return SimpleNamespace(**made | {"tables": {"runs": runs()}} | more)


def runs(*epochs: int) -> pd.DataFrame:
    """Four runs of three seeds, of these lengths."""
    return pd.DataFrame({"seed": [0, 1, 2, 0], "backbone": "resnet8", "width": 16, "epochs": [*epochs] or 5})


def box(*studies: Any, figures: tuple[str, ...] = ("fig-grid",)) -> str:
    return short_answer.short_answer(CHAPTER, studies, figures)


def test_a_sentence_has_its_verdict_its_number_and_where_to_look() -> None:
    first = box(study(HOLDS)).splitlines()[3]
    assert first == (
        '- <span class="verdict holds">holds</span> The spread of $W$ falls each time there are more negatives. '
        "Drop of the logarithm of the spread of $W$ from the fewest negatives to the most: **4.09** "
        "(95\u00a0% interval 3.85 to 4.32, 3 seeds; a factor of 59.6), on drawn shapes "
        "({ref}`dictionary-2 <dictionary-2>`, {ref}`figure <fig-grid>`)."
    )
    assert "figure" not in box(study(HOLDS), figures=()).splitlines()[3]


@pytest.mark.parametrize("word", [world.word for world in WORLDS[:3]])
def test_each_verdict_has_its_own_words(word: Any) -> None:
    text, of = box(study(Verdict(word, 1.0, 0.5, 1.5, 3))), readings(CHAPTER)[ID]
    said = {"holds": of.holds, "does not hold": of.fails, "undecided": f"It cannot be said yet whether {of.question}."}
    assert [each for each in said.values() if each in text] == [said[word]]
    assert f'"verdict {word.replace(" ", "-")}">{word}</span>' in text


def test_what_was_not_run_is_asked() -> None:
    text = box(study(Verdict("not run")))
    asked = [f"whether {readings(CHAPTER)[id].question} ({{ref}}`{id} <{id}>`)" for id in short(CHAPTER)]
    said = "; ".join(asked)
    assert text.splitlines()[3] == f'- <span class="verdict not-run">not run</span> W{said[1:]}.'
    assert short_answer.NOTHING in text
    assert text == box()


def test_of_a_claim_that_was_not_run_as_a_whole_the_decided_parts_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_answer, "seeds_of", lambda id: 3)
    first, *rest = short(CHAPTER)
    parts = {"first to last": Verdict("holds", n=3), "every step": Verdict("not run")}
    lines = box(study(Verdict("not run", parts=parts))).splitlines()
    chip = '- <span class="verdict not-run">not run</span>'
    assert lines[3] == (
        f"{chip} It cannot be said yet whether {readings(CHAPTER)[first].question}. Decided so far, and holds: first "
        f"to last ({{ref}}`{first} <{first}>`)."
    )
    assert lines[4].startswith(f"{chip} Whether {readings(CHAPTER)[rest[0]].question} (")
    assert f"({{ref}}`{first} <{first}>`)" not in lines[4]
    assert box(study(Verdict("not run", parts=parts), "smoke")) == box()


def test_the_largest_study_that_judged_speaks_and_smoke_never() -> None:
    fails = Verdict("does not hold", 0.1, 0.0, 0.2, 5)
    assert "does not hold</span>" in box(study(HOLDS), study(fails, "overnight"))
    assert "holds</span>" in box(study(HOLDS), study(Verdict("not run"), "overnight"))
    assert short_answer.NOTHING in box(study(HOLDS, "smoke"))


def test_where_it_holds_and_what_it_takes_again_is_said() -> None:
    assert (
        "Drawn shapes, ResNet-8 width 16, 5 passes, up to 3 seeds. "
        "`make book CHAPTER=dictionary_size PRESET=laptop` makes all 12 runs of this preset again "
        "({ref}`what it needs <make-again>`); they took 4 min 10 s of one core."
    ) in box(study(HOLDS))
    mixed = study(HOLDS, tables={"runs": runs(5, 5, 5, 10)})
    assert "Drawn shapes, mostly ResNet-8 width 16 and 5 passes, up to 3 seeds. " in box(mixed)
    few = {"runs_done": 12, "runs_asked": 30, "seconds": 250.0, "device": "cpu"}
    assert (
        "makes all 30 runs of this preset again ({ref}`what it needs <make-again>`); the 12 published ones took"
        in box(study(HOLDS, provenance=lambda: few))
    )
    assert "`make book CHAPTER=dictionary_size PRESET=overnight DATA_ROOT=folder`" in box(study(HOLDS, "overnight"))


def test_a_time_on_a_card_is_not_one_of_a_core() -> None:
    on = [short_answer.of_what(device) for device in ("cpu", "NVIDIA H100 80GB HBM3", "NVIDIA H100 80GB HBM3, cpu")]
    assert on == [" of one core", " on NVIDIA H100 80GB HBM3", ", in part on NVIDIA H100 80GB HBM3"]


@pytest.mark.parametrize(
    ("note", "needed", "why"),
    [
        ("this scale cannot show it (0 of 5 runs of FGSM fell; best 40.6 %); 12 seeds have a power of 0.60", None,
         "; runs of this size cannot show it (0 of 5 runs of FGSM fell; best 40.6 %)"),
        ("this scale cannot show it; 12 seeds have a power of 0.60", None, "; runs of this size cannot show it"),
        ("does not hold in: extrapolation; 6 of the 12 seeds fixed beforehand", 12,
         "; there are 6 of the 12 seeds fixed beforehand"),
        ("", 7, "; 7 seeds would decide it at the spread seen"),
        ("12 seeds have a power of 0.60", None, ""),
    ],
)  # fmt: skip
def test_what_is_undecided_says_what_it_lacks(note: str, needed: int | None, why: str) -> None:
    first = box(study(Verdict("undecided", 1.0, -0.5, 1.5, 3, note=note, needed=needed))).splitlines()[3]
    assert f"whether {readings(CHAPTER)[ID].question}{why}. " in first
    if "beforehand" in why:
        parted = Verdict("undecided", 1.0, -0.5, 1.5, 3, note=note, parts=PARTS)
        assert f"; its parts have 3 {why[14:]}. " in box(study(parted)).splitlines()[3]


def test_the_seeds_and_the_parts_that_lack_are_counted() -> None:
    some, more, none = Verdict("holds", n=5), Verdict("does not hold", n=6), Verdict("not run")
    of = "12 seeds"
    assert wording.so_far([some, more], of) == "its parts have 5 or 6 of the 12 seeds"
    assert wording.so_far([more, none, none], of) == (
        "one of its parts has 6 of the 12 seeds and 2 of its 3 parts were not run"
    )
    assert wording.so_far([none], of) == "1 of its 1 parts was not run"
    assert wording.so_far([], of) == ""


def test_the_number_of_a_part_has_that_parts_seeds() -> None:
    """Of a claim whose other part has no run."""
    parts = {"common settings": Verdict("undecided", 1.0, 0.5, 1.5, 6), "own best": Verdict("not run")}
    verdict = Verdict("undecided", 1.0, 0.5, 1.5, 0, parts=parts)
    said = short_answer.numbers(short("loss_family")["family-7"], claims.load("family-7"), verdict)
    assert said.endswith("(95\u00a0% interval 0.5 to 1.5, 6 seeds)")
    parts["common settings"] = Verdict("does not hold", 1.0, 0.5, 1.5, 6)
    said = short_answer.numbers(short("loss_family")["family-7"], claims.load("family-7"), verdict)
    assert said.endswith("6 seeds; this part by itself: does not hold)")
    waiting = replace(verdict, note="6 of the 12 seeds fixed beforehand")  # no word before the others are there
    said = short_answer.numbers(short("loss_family")["family-7"], claims.load("family-7"), waiting)
    assert said.endswith("6 seeds)")


def test_knn_is_explained_where_it_is_spoken_of() -> None:
    assert short_answer.KNN not in box(study(HOLDS))
    assert short_answer.KNN in box(study(Verdict("holds", 1.0, 0.5, 1.5, 12), id="dictionary-5"))


def test_a_rule_that_is_younger_than_its_runs_is_said_to_be() -> None:
    noted = Verdict("holds", 1.0, 0.5, 1.5, 3, note=f"smaller than claimed; {short_answer.YOUNGER}")
    assert "on drawn shapes; this rule is younger than the runs" in box(study(noted))
    assert "The effect is smaller than claimed." in box(study(noted))


def test_of_a_threshold_the_seeds_are_said_and_no_interval() -> None:
    kept = Verdict("holds", 0.804, 0.784, 0.827, 3)
    said = short_answer.numbers(short("vector_decomposition")["decomposition-1"], claims.load("decomposition-1"), kept)
    assert said == "Spread of $Z$ in SimSiam: **0.804** (3 seeds, from 0.784 to 0.827)"


def test_knn_begins_no_sentence_as_another_word() -> None:
    words, claim = Short("fig", {"": "kNN accuracy of SimMoCo"}), claims.load(ID)
    assert short_answer.numbers(words, claim, Verdict("holds", 0.5, 0.1, 0.9, 3)).startswith("kNN accuracy of SimMoCo")


def test_a_part_judged_in_two_ways_keeps_its_words() -> None:
    words = Short("fig", {"common settings": "lead", "": "other"})
    assert [words.of(part) for part in ("common settings", "equal epochs, common settings", "own best")] == [
        "lead", "lead", "other, own best",
    ]  # fmt: skip


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_answers_a_chapter_is_there(chapter: str) -> None:
    """Three or four of its claims, figures of its page, and words for every part."""
    cells = nbformat.read(ROOT / "notebooks" / f"{chapter}.ipynb", as_version=4).cells
    figures = {cell.metadata.get("mystnb", {}).get("figure", {}).get("name") for cell in cells}
    assert 3 <= len(short(chapter)) <= 4
    for id, words in short(chapter).items():
        assert id in readings(chapter)
        assert words.figure in figures
        assert "" in words.numbers or set(claims.load(id).parts) == set(words.numbers)


def test_the_box_stands_between_the_title_and_the_text() -> None:
    made = new_notebook(cells=[new_markdown_cell("# Title\n\nText.", id="title"), new_markdown_cell("More.")])
    page.under_title(made, "box")
    assert [cell.source for cell in made.cells] == ["# Title", "box", "Text.", "More."]
    assert len({cell.id for cell in made.cells}) == 4
