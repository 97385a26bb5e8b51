"""The files of the built book: every link leads somewhere, every page says what it is, a chapter is no heavy load."""

import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from anatomy.chapters import CHAPTERS
from built_pages import HTML, pages

pytestmark = pytest.mark.browser  # like the others it needs the rendered book

MEGABYTE = 1_000_000  # bytes
LOADED = {"script": "src", "img": "src", "link": "href"}  # with a page, by the attribute that names the file


class Reader(HTMLParser):
    """What a page has: its tags, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attributes}))


@cache
def tags(page: str) -> list[tuple[str, dict[str, str]]]:
    return Reader((HTML / page).read_text("utf-8")).tags


@cache
def anchors(page: str) -> set[str]:
    return {of[name] for _, of in tags(page) for name in ("id", "name") if name in of}


def targets(page: str, tag: str, attribute: str) -> Iterator[tuple[str, str]]:
    """(file, anchor) of each link to this book."""
    for name, of in tags(page):
        link = urlsplit(urljoin(page, of.get(attribute, "")))
        if name == tag and attribute in of and not link.scheme:
            yield unquote(link.path) or page, unquote(link.fragment)


@pytest.mark.parametrize("page", pages())
def test_every_link_leads_to_a_file_and_an_anchor(page: str) -> None:
    for file, anchor in targets(page, "a", "href"):
        assert (HTML / file).is_file(), f"{page} links to {file}"
        assert not anchor or not file.endswith(".html") or anchor in anchors(file), f"{page} links to {file}#{anchor}"


@pytest.mark.parametrize("page", pages())
def test_a_page_says_in_its_head_what_it_is_about(page: str) -> None:
    meta = {of.get("property") or of.get("name"): of.get("content", "") for tag, of in tags(page) if tag == "meta"}
    assert meta["og:title"]
    assert meta["og:type"] == "article"
    assert len(meta["description"]) > 20
    assert meta["description"] == meta["og:description"]


def test_no_two_pages_are_said_to_be_about_the_same() -> None:
    said = [of["content"] for page in pages() for _, of in tags(page) if of.get("name") == "description"]
    assert len(set(said)) == len(said) == len(pages())


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_is_no_heavy_load(chapter: str) -> None:
    page = HTML / "chapters" / f"{chapter}.html"
    assert page.stat().st_size < MEGABYTE
    assert page.stat().st_size + sum(file.stat().st_size for file in loaded(f"chapters/{chapter}.html")) < 3 * MEGABYTE


def loaded(page: str) -> set[Path]:
    """The files that are fetched with a page; what only another page needs, as the link to the next, is not."""
    found = {HTML / file for tag, name in LOADED.items() for file, _ in targets(page, tag, name)}
    return {file for file in found if file.is_file() and file.suffix != ".html"} | parts_of_mathjax(page)


def parts_of_mathjax(page: str) -> set[Path]:
    """The scripts that MathJax fetches, where a page has formulas."""
    asked = re.search(r'"loader": \{"load": (\[[^]]*\])', (HTML / page).read_text("utf-8"))
    if not asked:
        return set()
    parts = [HTML / "_static" / "mathjax" / f"{name}.js" for name in [*json.loads(asked[1]), "output/chtml/fonts/tex"]]
    assert all(part.is_file() for part in parts)
    return {*parts}


def test_two_papers_of_one_year_are_told_apart() -> None:
    text = (HTML / "references.html").read_text("utf-8")
    letters = set(re.findall(r"Zhang et al\., 2022([a-z])", text))
    assert {"a", "b"} <= letters
    cited = set(re.findall(r", 2022([a-z])", (HTML / "index.html").read_text("utf-8")))
    assert cited <= letters
    assert len(cited) == 2  # of the two papers that the first page names
