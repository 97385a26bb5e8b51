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


def test_a_link_to_a_paper_becomes_its_entry_and_another_stays() -> None:
    assert link("he2019") == "([He et al., 2019](https://arxiv.org/abs/1911.05722))"
    other = "([a page](https://example.org/1)) and [Wu](https://arxiv.org/abs/1805.01978)"
    assert cited(f"MoCo {link('he2019')}; {other}") == f"MoCo {{cite}}`he2019`; {other}"


def test_papers_of_one_year_are_told_apart() -> None:
    assert len({link(key).split("]")[0] for key in entries()}) == len(entries())
