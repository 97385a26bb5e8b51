"""The table of chapters agrees with the studies, the claims, the notebooks and the book."""

import json
from pathlib import Path

import pytest

from anatomy import studies
from anatomy.chapters import CHAPTERS
from anatomy.claims import index

ROOT = Path(__file__).parents[1]


def test_every_study_is_a_chapter() -> None:
    assert sorted(CHAPTERS) == studies.names()


def test_every_family_has_claims_and_every_claim_a_chapter() -> None:
    families = [family for chapter in CHAPTERS.values() for family in chapter.families]
    assert list(dict.fromkeys(id.rpartition("-")[0] for id in index.ids())) == families
    assert [id for name in CHAPTERS for id in index.ids(name)] == index.ids()


def test_the_book_has_the_pages_in_this_order() -> None:
    contents = (ROOT / "book" / "_toc.yml").read_text()
    places = [contents.index(f"file: {chapter.page}\n") for chapter in CHAPTERS.values()]
    assert places == sorted(places)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_notebook_bears_the_chapters_title(name: str) -> None:
    first = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text())["cells"][0]["source"]
    assert "".join(first).splitlines()[0] == f"# {CHAPTERS[name].title}"
