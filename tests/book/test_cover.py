"""The cover: each chapter's answer, a cell for each claim, and findings that a rule has chosen."""

import io
import re
from typing import Any

import pytest
from matplotlib.figure import Figure

import cover
import findings
from anatomy import claims
from anatomy.chapters import CHAPTERS
from anatomy.readings import readings
from anatomy.verdicts import Verdict
from anatomy.verdicts.ledger import Judged, Row
from rendered import Chapter, Picture

HOLDS = Verdict("holds", 4.0, 3.0, 5.0, 5)


def judged(verdict: Verdict, preset: str = "overnight", dataset: str = "cifar10") -> Judged:
    return Judged(preset, dataset, "resnet8 width 16", verdict, ())


def rows(**verdicts: Judged | tuple[Judged, ...]) -> list[Row]:
    """All claims; those of `dictionary_9=...` have verdicts."""
    given = {id.replace("_", "-"): one if isinstance(one, tuple) else (one,) for id, one in verdicts.items()}
    return [Row(claim, given.get(claim.id, ())) for claim in claims.all_claims()]


def text(*, pages: dict[str, Chapter] | None = None, **verdicts: Any) -> str:
    made = cover.cover(rows(**verdicts), pages or {})["cover.md"]
    assert isinstance(made, str)
    return made


def test_a_card_has_the_question_the_first_answer_and_its_place() -> None:
    said = text(dictionary_2=judged(HOLDS), dictionary_3=judged(Verdict("undecided", 1.0, -1.0, 3.0, 5)))
    card = said.partition(CHAPTERS["dictionary_size"].title)[2].partition(":::::\n")[0]
    answer = readings("dictionary_size")["dictionary-2"].holds
    assert f'<span class="verdict holds">holds</span> {answer}' in card
    assert "\nOn CIFAR-10, preset overnight, 5 seeds\n" in card
    assert said.count(":::::{grid-item-card}") == len(CHAPTERS)
    assert said.count(cover.NOTHING) == len(CHAPTERS) - 1


def test_a_claim_that_was_not_run_gives_way_to_the_next() -> None:
    said = text(dictionary_2=judged(Verdict("not run")), dictionary_3=judged(HOLDS))
    assert readings("dictionary_size")["dictionary-3"].holds in said


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_card_shows_the_figure_of_its_answer(suffix: str) -> None:
    page = Chapter({"fig-grid": Picture(b"drawn", suffix, "Falls."), "fig-other": Picture(b"other", suffix, "No.")})
    files = cover.cover(rows(dictionary_2=judged(HOLDS)), {"dictionary_size": page})
    assert files[f"cover-dictionary_size{suffix}"] == b"drawn"
    assert f":img-top: /chapters/cover-dictionary_size{suffix}\n:img-alt: Falls.\n" in str(files["cover.md"])


def test_a_card_ends_below_the_first_axes() -> None:
    figure = Figure(figsize=(3, 5))
    upper, _ = figure.subplots(2)
    figure.subplots_adjust(0.1, 0.1, 0.9, 0.9, hspace=0.5)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="svg")
    shown = cover.first_panel(drawn.getvalue())
    height = 72 * 5 * (1 - upper.get_position().y0) + cover.BELOW
    found = re.search(rb'height="([\d.]+)pt" viewBox="0 0 216 ([\d.]+)"', shown)
    assert found
    assert float(found[1]) == float(found[2]) == pytest.approx(height, abs=0.01)
    assert cover.first_panel(shown.replace(b"axes_1", b"text_1")) == shown.replace(b"axes_1", b"text_1")


def test_a_cell_leads_to_its_claim_and_says_where_its_verdict_is_from() -> None:
    fails = Verdict("does not hold", 1.0, 0.5, 1.5, 5)
    said = text(dictionary_2=(judged(HOLDS, "laptop", "shapes"), judged(fails)),
                dictionary_3=(judged(HOLDS, "laptop", "shapes"), judged(Verdict("not run"))))  # fmt: skip
    cell = 'href="chapters/ledger.html#dictionary-2" title="dictionary-2: does not hold, on photographs"'
    assert f'<a class="claim-cell does-not-hold" {cell}' in said
    assert '<a class="claim-cell holds on-shapes" href="chapters/ledger.html#dictionary-3"' in said
    assert said.count('<a class="claim-cell') == len(claims.ids())


def test_whose_claims_they_are_is_counted_without_demonstrations() -> None:
    of = [claim.attribution for claim in claims.all_claims() if not claim.demonstration]
    assert (
        f"{len(of)} claims that can fail: {of.count('paper')} come from the papers, {of.count('code')} from the "
        f"authors' code, and {of.count('ours')} are ours."
        f" Beside them stand {len(claims.all_claims()) - len(of)} demonstrations."
    ) in text()


def test_findings_are_those_farthest_from_their_margin() -> None:
    """dictionary-9 has a margin of 2.5 points, normalization-5 of 0.5, and dictionary-10 a band of one point."""
    found = findings.findings(
        rows(
            dictionary_9=judged(Verdict("holds", 4.5, 3.5, 5.5, 5)),  # 2 above its margin, 1 wide
            dictionary_10=judged(Verdict("holds", -0.5, -0.7, -0.3, 5)),  # 0.5 from the nearer end, 0.2 wide
            normalization_5=judged(Verdict("does not hold", -1.5, -2.0, -1.0, 5)),  # 2 below, 0.5 wide
            dictionary_2=judged(Verdict("holds", 40.0, 39.9, 40.1, 5)),  # ours
            decomposition_1=judged(Verdict("holds", 0.8, 0.79, 0.81, 5)),  # limits of a spread
            normalization_1=judged(Verdict("undecided", 0.5, -1.0, 2.0, 5)),
        )
    )
    assert [(one.claim.id, pytest.approx(one.distance)) for one in found] == [
        ("normalization-5", 4.0), ("dictionary-10", 2.5), ("dictionary-9", 2.0),
    ]  # fmt: skip


def test_a_finding_is_that_of_the_largest_preset() -> None:
    small, large = Verdict("holds", 4.0, 3.9, 4.1, 3), Verdict("undecided", 4.0, 0.0, 8.0, 5)
    assert findings.findings(rows(dictionary_9=(judged(small, "laptop"), judged(large)))) == []


def test_the_cover_shows_three_and_of_how_many() -> None:
    said = text(**{f"decomposition_{n}": judged(HOLDS) for n in (7, 8, 9, 10)})
    assert "## 3 findings, chosen by a rule" in said
    assert "(4 so far)" in said
    assert said.count("\n1. <span") == 3
    number = "-\\eta_p$ of SimSiam: **4** (95\u00a0% interval 3 to 5, 5 seeds)"
    assert f"{number}; {{ref}}`decomposition-7 <decomposition-7>`, from the paper" in said
    assert "chosen by a rule" not in text()
