"""Each number that a page was given by the build is followed to where it is from; one that cannot be is an orphan.

In the built book a table, what a cell says and a sentence about a claim lead to runs, to the claim, or to a file with
their numbers, and what they lead to is there and says the same. That the runs are the right ones is seen by changing
what they measured. Figures: tests/test_redrawn.py.
"""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag

from anatomy.chapters import CHAPTERS
from anatomy.pages.chapter_figures import cells, listed
from anatomy.study.study import Study
from anatomy.verdicts.numbers import number
from built_pages import HTML, ROOT, pages
from cell_origins import studies_read
from follow import poisoned
from follow_words import astray, bound_to_none, judged, said

# Read from source text, whose numbers are those of the code; and written by hand, which tests/sentences.py reads.
OF_SOURCE = {"chapters/commands.html", "chapters/parts.html", "chapters/cite.html"}
HEADINGS = ("h1", "h2", "h3")
SAYS = "div.cell_output, .cover-cards .sd-card, li:has(.verdict)"
TABLES = f"{SAYS}, table"  # of a page that no one writes; those of a chapter's own text are read by tests/sentences.py
DRAWN = {f"chapters/{name}.html" for name in ("errata", "reproducibility", "speed", "speedrun", "in_pictures")}


@cache
def article(page: str) -> Tag:
    found = BeautifulSoup((HTML / page).read_text("utf-8"), "html.parser").find("article")
    assert isinstance(found, Tag)
    return found


def orphans(body: Tag, says: str = SAYS) -> Iterator[str]:
    """What says a number and leads nowhere; explorers and drawings are figures."""
    for block in body.select(says):
        text = without_linked(block)
        if re.search(r"\d", text) and not block.select_one("figure") and not block.find_parent(class_="cell_output"):
            if not is_code(block) and not below(block) and not under_claim(block):
                yield text[:80]


def under_claim(block: Tag) -> bool:
    """Whether its heading leads to a claim."""
    section = block.find_parent("section")
    return bool(section and section.select_one(':is(h2, h3) > a[href*="ledger.html#"]'))


def without_linked(block: Tag) -> str:
    """Its words, but for the points that lead to a claim, to a chapter, or to a part of the reference by themselves."""
    own = BeautifulSoup(str(block), "html.parser")
    for point in [*own.select("li, tr"), own]:
        links = [str(link["href"]) for link in point.select("a[href]")]
        if any(re.search(r"ledger\.html#|parts\.html#|^chapters/\w+\.html$", link) for link in links):
            if point is own and own.select("li, tr"):
                continue  # a list, of which some points may lead nowhere
            point.clear()
    return own.get_text(" ", strip=True)


def below(block: Tag) -> bool:
    """Whether a line under it, before the next heading and the next cell that says something, leads to a file."""
    top = block.find_parent(class_="cell") or block.find_parent(class_="pst-scrollable-table-container") or block
    for later in top.find_next_siblings():
        if "provenance" in later.get("class", []):
            return bool(later.select("a[href]"))
        if later.name in HEADINGS or later.select_one("div.cell_output"):
            return False
    return False


@cache
def sources() -> str:
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "notebooks").glob("*.ipynb")]
    return squeezed("\n".join(file.read_text("utf-8") for file in files))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def is_code(block: Tag) -> bool:
    """Each of its lines stands in the package; a number by itself does so too, and is no code."""
    lines = [line for line in block.get_text().splitlines() if line.strip() and not line.startswith("# anatomy/")]
    return len(block.get_text()) > 100 and all(squeezed(line) in sources() for line in lines)


@pytest.mark.browser
@pytest.mark.parametrize("page", [page for page in pages() if page not in OF_SOURCE])
def test_every_number_of_a_page_leads_to_where_it_is_from(page: str) -> None:
    assert [*orphans(article(page), TABLES if page in DRAWN else SAYS)] == []


@pytest.mark.browser
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_runs_of_a_page_have_their_records_in_the_book(chapter: str) -> None:
    """Under the very names that lines under cells lead to."""
    body = article(f"chapters/{chapter}.html")
    named = {str(link["href"])[1:] for link in body.select('.provenance a[href^="#runs-"]')}
    assert named
    for name in named:
        (mark,) = body.select(f"#{name}")
        links = [str(link["href"]) for link in mark.find_parent("details").select('a[href^="../records/"]')]
        (count,) = {link.get_text() for link in body.select(f'.provenance a[href="#{name}"]')}
        assert count.split() == [str(len(links)), f"run{'s' * (len(links) != 1)}"]
        assert all((HTML / "chapters" / link).resolve().is_file() for link in links)


# --- of claims


@cache
def lines(id: str) -> tuple[dict[str, str], ...]:
    """The claim's numbers, as its file has them."""
    with (HTML / "claims" / f"{id}.csv").open() as file:
        return tuple(csv.DictReader(file))


def written(value: str) -> str:
    return number(float(value)) if value else number(None)


@pytest.mark.browser
def test_a_number_of_the_ledger_is_that_of_its_file_and_names_runs_with_records() -> None:
    rows = article("chapters/ledger.html").select("tbody[data-label]")
    assert rows
    for row in rows:
        known = {written(line["estimate"]) for line in lines(str(row["id"]))}
        shown = [effect.get_text(strip=True).split("\u00a0")[0].split(" ")[0] for effect in row.select(".effect b")]
        assert {*shown} <= known, row["id"]
        listed = {key.get_text() for key in row.select(".run-keys > *")}
        for line in lines(str(row["id"])):
            assert bool(line["runs"]) or not line["estimate"], row["id"]
            assert {*line["runs"].split()} <= listed, row["id"]
        there = [HTML / "chapters" / str(link["href"]) for link in row.select(".run-keys a")]
        assert all(record.resolve().is_file() for record in there)


@pytest.mark.browser
@pytest.mark.parametrize("page", ["index.html", *(f"chapters/{chapter}.html" for chapter in CHAPTERS)])
def test_a_number_of_an_answer_or_a_finding_is_that_of_its_claim(page: str) -> None:
    said = [item for item in article(page).select("li") if item.select_one(".verdict") and item.select_one("strong")]
    for item in said:
        (id,) = {str(link["href"]).partition("ledger.html#")[2] for link in item.select('a[href*="ledger.html#"]')}
        (value,) = (strong.get_text() for strong in item.select("strong"))
        assert value in {written(line["estimate"]) for line in lines(id)}, item.get_text()


@pytest.mark.browser
def test_claims_that_the_cover_counts_are_rows_of_the_ledger() -> None:
    rows = article("chapters/ledger.html").select("#ledger tbody[data-label]")
    whose = [row["data-whose"] for row in rows]
    said = (
        f"{len(rows)} claims that can fail: {whose.count('paper')} come from the papers, {whose.count('code')} from "
        "the authors' code"
    )
    assert said in " ".join(article("index.html").get_text().replace("’", "'").split())


@pytest.mark.slow
@pytest.mark.parametrize("chapter", ["normalization", "dictionary_size"])
def test_a_number_of_a_claim_moves_with_its_runs_and_with_no_others(chapter: str) -> None:
    before = judged(chapter)
    runs = {key for _, keys in before.values() for key in keys}
    for lot in (0, 1):
        half = {key for key in runs if int(key, 16) % 2 == lot}
        with poisoned(half):
            assert astray(before, judged(chapter), half) == []
    with poisoned(runs):
        assert bound_to_none(before, judged(chapter)) == []


# --- of other pages


@pytest.mark.browser
def test_hours_and_runs_by_processor_are_those_of_the_list() -> None:
    with (HTML / "runs.csv").open() as file:
        runs = [*csv.DictReader(file)]
    section = next(head for head in article("chapters/reproducibility.html").select("h2") if "took" in head.get_text())
    rows = [[cell.get_text() for cell in row.select("td")] for row in section.find_next("table").select("tbody tr")]
    assert rows
    for kind, count, hours in rows:
        own = [float(run["hours"]) for run in runs if run["processor"] == kind]
        assert (count, hours.split(" ")[0]) == (str(len(own)), number(sum(own)))


@pytest.mark.browser
@pytest.mark.parametrize("folder", ["speed", "speedrun"])
def test_the_files_of_measured_speed_are_those_of_the_checkout(folder: str) -> None:
    carried = sorted((HTML / folder).glob("*.json"))
    assert carried
    for file in carried:
        kept = ROOT / "benchmarks" / "results" / folder / file.name
        assert json.loads(file.read_text()) == json.loads(kept.read_text())


# --- of cells


@pytest.mark.slow
def test_what_a_cell_says_moves_only_with_the_studies_that_the_page_names() -> None:
    """At a preset that is not the one with every arm: so the page rests on two studies."""
    chapter = "score_visualization"
    given = {"preset": "laptop", "records": "use"}
    own = Study(chapter, **given)
    full = own.with_every_arm()
    assert {*full.found} - {*own.found}
    places = studies_read(_as_nodes(chapter))
    figures = {figure.cell for figure in listed(chapter)}
    before = said(chapter, given)
    for place, runs in enumerate(({*own.found} - {*full.found}, {*full.found} - {*own.found})):
        with poisoned(runs):
            after = said(chapter, given)
        moved = {id for id in before.keys() - figures if before[id] != after[id]}
        assert moved
        assert {id for id in moved if place not in places[id]} == set()


def _as_nodes(chapter: str) -> list[nbformat.NotebookNode]:
    return [nbformat.from_dict(cell | {"source": "".join(cell["source"])}) for cell in cells(chapter)]


# --- the test itself


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<div class="cell"><div class="cell_output">0.93</div></div><p>Next.</p>', ["0.93"]),
        ('<table><tr><td>3</td></tr></table><h2>Next</h2><div class="provenance"><a href="a.csv">a</a></div>', ["3"]),
        ('<table><tr><td>3</td></tr></table><div class="provenance"><a href="a.csv">a</a></div>', []),
        ('<div class="cell"><div class="cell_output">None</div></div>', []),
        ('<li><b class="verdict">holds</b> It is 3.</li>', ["holds It is 3."]),
        ('<li><b class="verdict">holds</b> It is 3 (<a href="ledger.html#family-2">x</a>).</li>', []),
    ],
)
def test_an_orphan_is_found(page: str, found: list[str]) -> None:
    assert [*orphans(BeautifulSoup(f"<article>{page}</article>", "html.parser"), TABLES)] == found


def test_a_number_that_names_too_few_runs_is_found() -> None:
    before = {"one": ((1.0, None, None), frozenset("a")), "other": ((2.0, None, None), frozenset("b"))}
    after = {"one": ((1.5, None, None), frozenset("a")), "other": ((2.0, None, None), frozenset("b"))}
    assert astray(before, after, {"a"}) == []
    assert astray(before, after, {"b"}) == ["one: another number without its runs"]
    assert bound_to_none(before, after) == ["other"]
