"""Citations are plain links in the notebooks, and entries of the bibliography on the pages."""

import re
from pathlib import Path

import nbformat
import pytest

from cited_links import LINK, cited, entries, link

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


def markdown(path: Path) -> str:
    return "\n\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_needs_no_sphinx_to_be_read(path: Path) -> None:
    assert not re.findall(r"\{(?:cite|ref|numref|doc|eq)[\w:]*\}`", markdown(path))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_citation_says_authors_and_year_of_its_entry(path: Path) -> None:
    lawful = {link(key) for key in entries()}
    links = [found[0] for found in LINK.finditer(markdown(path))]
    assert links
    assert {*links} <= lawful


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_other_links_of_a_notebook_lead_to_what_the_checkout_has(path: Path) -> None:
    """As GitHub and JupyterLab follow them, which opens no folder; that a page's lead to pages is a test of the built
    book."""
    links = [link for link in re.findall(r"\]\(([^)]+)\)", markdown(path)) if not link.startswith("https://")]
    assert links
    assert [link for link in links if not (path.parent / link).is_file()] == []


def test_a_link_to_what_the_book_has_a_page_of_leads_to_it() -> None:
    said = "[how](../book/how_to_read.md) and [all](../src/anatomy/claims/__init__.py)"
    assert cited(said) == "[how](../how_to_read.md) and [all](ledger.md)"


def test_a_link_to_a_paper_becomes_its_entry_and_another_stays() -> None:
    assert link("he2019") == "([He et al., 2019](https://arxiv.org/abs/1911.05722))"
    other = "([a page](https://example.org/1)) and [Wu](https://arxiv.org/abs/1805.01978)"
    assert cited(f"MoCo {link('he2019')}; {other}") == f"MoCo {{cite}}`he2019`; {other}"


def test_papers_of_one_year_are_told_apart() -> None:
    assert len({link(key).split("]")[0] for key in entries()}) == len(entries())
