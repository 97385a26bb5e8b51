"""Under what a cell says stands where it is from: the runs of the studies that it reads, or the claim."""

from types import SimpleNamespace
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_output

import cell_origins

OPEN = 'study = open_study("sizes", globals())\ntables = study.tables'
DEEP = "deep = study.with_every_arm()\nfull = deep.tables"


def study(preset: str, *keys: str, archived: bool = False) -> Any:
    request = SimpleNamespace(preset=SimpleNamespace(name=preset), dataset="shapes")
    return SimpleNamespace(request=request, found=dict.fromkeys(keys), archived=archived)


SMALL, LARGE = study("laptop", "a", "b"), study("overnight", "c", archived=True)


def read(*sources: str) -> list[set[int]]:
    """The studies behind each cell."""
    cells = [new_code_cell(source, id=f"cell-{place}") for place, source in enumerate((OPEN, DEEP, *sources))]
    return [{*places} for places in cell_origins.studies_read(cells).values()][2:]


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("print(tables)", {0}),
        ("print(full)", {1}),
        ("print(tables, full)", {0, 1}),
        ("print(source('anatomy.losses'))", set()),
        ("rows = full", set()),  # shows nothing
        ("for row in deep.verdicts():\n    print(row)", {1}),
        ("if len(full):\n    said = 1\nelse:\n    said = 2\nprint(said)", {1}),
        ("def every(name):\n    return full[name]\nprint(every('knn'))", {1}),
        ("made = {}\nmade['arm'] = tables\nprint(made)", {0}),
        ("tables = full\nprint(tables)", {1}),  # another value, and not both
        ("print(*(row for row in full))", {1}),
    ],
)
def test_a_cell_rests_on_the_studies_behind_the_names_that_it_reads(source: str, places: set[int]) -> None:
    assert read(source) == [places]


def test_names_are_followed_from_cell_to_cell() -> None:
    assert read("best = full['knn']", "mean = best.mean()\nother = tables", "print(f'{mean:.2f}')") == [
        set(),
        set(),
        {1},
    ]


def said(text: str, *places: int, studies: tuple[Any, Any] = (SMALL, LARGE), kind: str = "text/markdown") -> str:
    cell = new_code_cell("", outputs=[new_output("display_data", data={kind: text})])
    cell_origins.lead_to_claims(cell)
    return cell_origins.from_runs(cell, frozenset(places), studies)


def test_a_line_names_the_runs_and_leads_to_their_records() -> None:
    small, large = ('<a href="#runs-0">2 runs</a> at laptop on drawn shapes',
                    '<a href="#runs-1">1 run</a> of an earlier recipe at overnight on drawn shapes')  # fmt: skip
    assert said("0.93", 0) == f":::{{div}} provenance\nFrom {small}.\n:::"
    assert said("0.93", 0, 1) == f":::{{div}} provenance\nFrom {small} and {large}.\n:::"
    assert f"From {small}." in said("0.93", 0, 1, studies=(SMALL, SMALL))
    assert f"From {small}." in said("0.93", 1, studies=(SMALL, SMALL))
    assert said("no number", 0) == said("0.93") == ""


def test_what_is_said_of_a_claim_leads_to_it() -> None:
    cell = new_code_cell("", outputs=[new_output("display_data", data={"text/markdown": "- *family-2.* It is 3."})])
    cell_origins.lead_to_claims(cell)
    assert cell.outputs[0].data["text/markdown"] == "- {ref}`family-2 <family-2>`. It is 3."
    assert cell_origins.LINKED.findall(cell.outputs[0].data["text/markdown"]) == ["family-2"]
    assert said("- *family-2.* It is 3.", 0) == ""
    assert "Those of each claim: {doc}`ledger`." in said("family-2: holds", 0, kind="text/plain")


def test_the_records_of_all_runs_stand_on_the_page_once() -> None:
    both = cell_origins.all_runs("dictionary_size", (SMALL, LARGE))
    assert [both.count(f'<a href="../records/{key}.json">{key}</a>') for key in "abc"] == [1, 1, 1]
    assert both.count('<span id="runs-0">') == both.count('<span id="runs-1">') == 1
    assert "Made again by `make book CHAPTER=dictionary_size PRESET=laptop`." in both
    assert cell_origins.all_runs("dictionary_size", (SMALL, SMALL)).count("runs-") == 1


def test_words_of_html_are_read_line_by_line() -> None:
    data = {"text/html": "<style>p {margin: 1}</style><td>family-3: 1</td>", "text/plain": "<HTML>"}
    table = new_output("execute_result", data=data)
    assert [*cell_origins.words(new_code_cell("", outputs=[table]))] == ["<HTML>", "\n\nfamily-3: 1\n"]
