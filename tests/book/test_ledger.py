"""The ledger: a row a claim in one table, with its verdicts, what they are judged by, and what was reported."""

import csv
import io
import re
from dataclasses import replace
from datetime import datetime
from html import unescape

import pytest

import interval_plot
import ledger
import ledger_csv
import reported
from anatomy import claims
from anatomy.verdicts import Equivalence, Exact, Shape, Threshold, Verdict
from anatomy.verdicts.ledger import Judged, Row
from anatomy.verdicts.trend import Rung, Trend
from rendered import Chapter, Picture

PARTS = {"first to last": Verdict("holds", -0.12345, -0.2, -0.04, 3), "every step": Verdict("undecided", 0.5, n=3)}
VERDICT = Verdict("holds", -0.12345, -0.2, -0.04, 3, needed=9, note="smaller than claimed", parts=PARTS)
PAGES = {"dictionary_size": Chapter({"fig-grid": Picture(b"", ".png", "")}, {"dictionary-10": "fig-effects"})}


def judged(verdict: Verdict, preset: str = "overnight", dataset: str = "cifar10", **more: object) -> Judged:
    return replace(Judged(preset, dataset, "resnet8 width 16", verdict, ("1", "2")), **more)


def row(*verdicts: Judged, id: str = "dictionary-2") -> Row:
    return Row(claims.load(id), verdicts)


def page(*rows: Row) -> str:
    return ledger.ledger_page(rows, PAGES)


def words(html: str) -> str:
    """As they are read, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def body(text: str, id: str = "dictionary-2") -> str:
    """What the table has of a claim."""
    return re.split("<tbody id=|```", text.partition(f'<tbody id="{id}" ')[2])[0]


def cells(text: str, id: str = "dictionary-2") -> list[str]:
    """The words of the row's cells, without what it opens to."""
    return [
        words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", body(text, id).partition("</tr>")[0], re.S)
    ]


def test_a_claim_without_runs_is_not_run_anywhere() -> None:
    text = page(row())
    assert cells(text)[1:5] == ["not run", "not run", "–", "–"]
    assert 'data-verdicts="none:not-run"' in text
    assert "on photographs 0 0 0 1 on shapes 0 0 0 1" in words(text)


def test_an_identity_has_comparisons_and_no_unit() -> None:
    found = cells(page(row(judged(Verdict("holds", 3e-16, n=10)), id="family-1")), "family-1")
    assert found[1].startswith("holds 10 comparisons")
    assert found[3] == "3e−16 , photographs"


def test_of_two_sets_of_photographs_the_column_has_the_presets_own_and_the_row_both() -> None:
    own, other = judged(Verdict("does not hold", 1.0, 0.5, 1.5, 5)), judged(VERDICT, dataset="cifar100")
    for verdicts in ((own, other), (other, own)):
        text = page(row(*verdicts))
        assert cells(text)[1].startswith("does not hold")
        assert "CIFAR-100, ResNet-8 width 16, overnight" in words(body(text))


def test_photographs_and_shapes_have_a_column_each_with_the_largest_preset_that_was_run() -> None:
    fails = Verdict("does not hold", 1.0, 0.5, 1.5, 5)
    text = page(row(judged(VERDICT, "laptop"), judged(fails), judged(Verdict("not run"), "gpu"),
                    judged(VERDICT, "laptop", "shapes", holm=True)))  # fmt: skip
    assert cells(text)[1:4] == [
        "does not hold 5 seeds", "holds 3 seeds ★", "1 (0.5 to 1.5), photographs −0.123 (−0.2 to −0.04), shapes",
    ]  # fmt: skip
    assert 'data-verdicts="laptop:holds overnight:does-not-hold gpu:not-run laptop:holds"' in text
    assert "on photographs 0 1 0 0 on shapes 1 0 0 0" in words(text)


def test_a_row_opens_to_its_rule_parts_runs_command_and_file() -> None:
    opened = body(page(row(judged(VERDICT)))).partition("<details>")[2]
    said = words(opened)
    assert ledger.rule_text(claims.load("dictionary-2")) in said
    assert "first to last holds −0.123 −0.2 to −0.04 3" in said
    assert "every step undecided 0.5 – 3" in said
    assert "smaller than claimed; n = 9 would decide at the spread seen" in said
    assert "2 runs on CIFAR-10, ResNet-8 width 16, overnight" in said
    parts = {**PARTS, "every step": replace(PARTS["every step"], needed=9)}
    waiting = replace(VERDICT, note="3 of the 5 seeds fixed beforehand", parts=parts)
    assert "would decide" not in words(body(page(row(judged(waiting)))))
    assert "make book CHAPTER=dictionary_size PRESET=overnight DATA_ROOT=folder" in said
    assert "<code>1</code> <code>2</code>" in opened
    assert 'href="../claims/dictionary-2.csv"' in opened


def test_a_rule_stands_with_its_commit_and_the_time_of_its_first_run(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"rule_commit": "", "rule_written": ""}
    monkeypatch.setattr(ledger, "dates", lambda id: known)

    def dated(began: str = "", verdict: Verdict = VERDICT) -> str:
        of = judged(verdict, began=datetime.fromisoformat(began).timestamp() if began else None)
        return ledger.dated(row(of))

    assert dated() == "Its commit is not known yet."
    known |= {"rule_commit": "0123456789ab", "rule_written": "2026-11-22T17:35:54+00:00"}
    written = "Written 2026-11-22 17:35 UTC, commit 0123456789ab; "
    assert ledger.dated(row()) == f"{written}no run yet."
    assert dated() == f"{written}its runs began before it."
    assert dated("2026-11-23T01:02:03+00:00") == f"{written}first run 2026-11-23 01:02 UTC."
    later = "first run 2026-11-22 17:30 UTC, before that commit: the run holds the rule's digest."
    assert dated("2026-11-22T17:30:00+00:00") == written + later
    assert "its runs began before it" in words(page(row(judged(VERDICT))))


def test_a_trend_stands_in_its_column() -> None:
    rungs = tuple(Rung(epochs, {0: 1.0, 1: 2.0}) for epochs in (2, 6, 18))
    text = page(row(judged(VERDICT, trend=Trend("grows", rungs))))
    assert cells(text)[4] == "grows, 2 to 18 passes"
    lacking = Trend("not run", rungs, note="a rung is missing")
    assert cells(page(row(judged(VERDICT, trend=lacking))))[4] == "not run, 2 to 18 passes; a rung is missing"


def test_a_figure_is_linked_where_the_page_has_it() -> None:
    text = page(row(), row(id="dictionary-10"), row(id="dictionary-11"), row(id="mixing-1"))
    assert 'href="dictionary_size.html#fig-grid"' in body(text)
    assert 'href="dictionary_size.html#fig-effects"' in body(text, "dictionary-10")
    assert 'href="dictionary_size.html"' in body(text, "dictionary-11")
    assert "score_visualization.html" not in body(text, "mixing-1")


def test_demonstrations_stand_in_a_table_of_their_own_and_all_in_the_chapters_order() -> None:
    text = page(*(Row(claim, ()) for claim in claims.all_claims()))
    judged, _, shown = text.partition('id="demonstrations"')
    ids = re.findall(r'<tbody id="([^"]+)" data-label', text)
    apart = [claim.id for claim in claims.all_claims() if claim.demonstration]
    assert re.findall(r'<tbody id="([^"]+)" data-label', shown) == apart
    assert ids == [id for id in claims.ids() if id not in apart] + apart
    assert f"on shapes 0 0 0 {len(ids) - len(apart)}" in words(judged)


def test_a_statement_is_text_and_no_html() -> None:
    claim = replace(claims.load("dictionary-2"), statement="a < b & *c*")
    assert "<p>a &lt; b &amp; *c*</p>" in page(Row(claim, ()))


# --- what was reported


@pytest.mark.parametrize("id", reported.all_reported())
def test_a_reported_number_is_made_of_those_in_the_claims_source(id: str) -> None:
    claim = claims.load(id)
    assert claim.attribution in {"paper", "code"} or "README" in claim.source
    for part, given in reported.all_reported()[id].items():
        assert part in claim.parts
        for number in given.get("sum", given.get("ratio", [])):
            assert re.search(rf"(?<![\d.]){re.escape(number.lstrip('-'))}(?!\d)", claim.source), (id, number)


def test_a_reported_number_stands_beside_ours() -> None:
    assert reported.reported("dictionary-9", "equal epochs, common settings") == (
        pytest.approx(5.07), "CIFAR-100, 200 epochs",
    )  # fmt: skip
    assert reported.reported("decomposition-10", "over SimSiam")[0] == pytest.approx(2.302585)
    assert reported.reported("dictionary-2", "first to last") is None
    verdict = Verdict("holds", 4.0, 3.0, 5.0, 5, parts={"common settings": Verdict("holds", 4.0, 3.0, 5.0, 5)})
    assert (
        "reported: 5.07 (CIFAR-100, 200 epochs)"
        in cells(page(row(judged(verdict), id="dictionary-9")), "dictionary-9")[3]
    )


# --- pictures and files


def places(svg: str, name: str) -> list[float]:
    """Where on the x axis the marks of a class are."""
    marks = re.findall(rf'<\w+ class="{name}"([^>]*)>', svg)
    return [float(x) for mark in marks for x in re.findall(r' (?:x1|x2|x|cx)="([^"]+)"', mark)]


def test_a_picture_spans_all_that_it_shows() -> None:
    svg = interval_plot.interval_plot(Verdict("holds", 2.0, 1.0, 3.0, 3), Shape(0.5), reported=5.0)
    left, right = interval_plot.EDGE, interval_plot.WIDTH - interval_plot.EDGE
    step = (right - left) / 5
    assert places(svg, "zero") == [left, left]
    assert places(svg, "limit") == pytest.approx([left + step / 2] * 2, abs=0.06)
    assert places(svg, "interval") == pytest.approx([left + step, left + 3 * step], abs=0.06)
    assert places(svg, "estimate") == pytest.approx([left + 2 * step], abs=0.06)
    assert f'class="reported" d="M{right:.1f} ' in svg


@pytest.mark.parametrize(
    ("criterion", "limits"),
    [(Equivalence(1.0), [-1.0, 0.0, 1.0]), (Equivalence(1.0, one_sided=True), [-1.0, 0.0]),
     (Threshold(collapsed=True), [0.3, 0.6]), (Shape(2.0), [0.0, 2.0])],
)  # fmt: skip
def test_what_an_interval_is_compared_with(criterion: Shape, limits: list[float]) -> None:
    assert interval_plot.limits(criterion) == limits
    svg = interval_plot.interval_plot(Verdict("holds", 2.0, 1.0, 3.0, 3), criterion)
    assert ('class="band"' in svg) == isinstance(criterion, Equivalence)


def test_an_identity_has_no_interval_and_no_picture() -> None:
    assert interval_plot.interval_plot(Verdict("holds", 1e-15, n=3), Exact(1e-12)) == ""


def test_the_file_of_a_claim_has_a_line_a_verdict_and_a_part() -> None:
    files = ledger_csv.ledger_files([row(judged(VERDICT, holm=True)), row(id="mixing-1")])
    assert list(files) == ["dictionary-2.csv", "mixing-1.csv", "all.csv"]
    lines = list(csv.DictReader(io.StringIO(files["dictionary-2.csv"])))
    assert [line["part"] for line in lines] == ["", "first to last", "every step"]
    assert lines[0]["holm"] == "True"
    assert (lines[1]["estimate"], lines[1]["unit"], lines[2]["low"]) == ("-0.12345", "log", "")
    assert files["mixing-1.csv"].count("\n") == 1
