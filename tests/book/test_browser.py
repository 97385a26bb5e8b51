"""The built book in Chromium: what a reader finds at the top of a chapter, in the search and by the buttons.

Needs _build/html (make book) and Chromium with its driver; without them a skip that says so, and a
failure where ANATOMY_STRICT=1.
"""

import hashlib
import json
import random
import re

import pytest

from anatomy.chapters import CHAPTERS
from built_pages import DESK, TELEPHONE, pages, wait
from follow import on_pages, unlike

pytestmark = pytest.mark.browser


def test_there_are_pages(html):
    assert {"index.html", "how_to_read.html", "chapters/ledger.html"} <= set(pages())


@pytest.mark.parametrize("width", [DESK, TELEPHONE])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_begins_with_a_verdict_its_number_and_its_interval(chapter, width, show, driver):
    """All three above the fold, in one sentence that leads to the claim and to its figure."""
    show(f"chapters/{chapter}.html", width)
    found = driver.execute_script(FIRST_ANSWER)
    assert found["chip"] in {"holds", "does not hold", "undecided"}
    number = r": −?[\d.]+( \w+)? \((95\u00a0% interval|\d+ seeds?, from) −?[\d.e−]+ to −?[\d.e−]+"
    assert re.search(number, found["text"])
    assert found["bottom"] < FOLD
    assert [link for link in found["links"] if "ledger.html#" in link]
    assert [link for link in found["links"] if link.startswith("#fig-")]


FOLD = 800  # CSS pixels
FIRST_ANSWER = """
    const answer = document.querySelector('h1 ~ .short-answer li'), chip = answer.querySelector('.verdict');
    return {
        chip: chip.innerText,
        text: answer.innerText,
        bottom: answer.getBoundingClientRect().bottom + scrollY,
        links: [...answer.querySelectorAll('a')].map(link => link.getAttribute('href')),
    };
"""


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_on_a_telephone_a_figure_is_drawn_for_it(chapter, show, driver):
    """At its own size, at which its smallest type is 12 CSS pixels (tests/figures/test_drawn.py)."""
    show(f"chapters/{chapter}.html", TELEPHONE)
    images = driver.execute_script(
        "return [...document.querySelectorAll('figure.drawn img')].map(i => [i.currentSrc, i.width, i.naturalWidth])"
    )
    assert images
    for source, shown, own in images:
        assert source.endswith("-phone.svg"), source
        assert 12 * shown / own >= 11, source


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_figure_has_its_number_its_files_and_the_records_of_its_runs(chapter, html):
    """All that a figure's links lead to is there, and is what its list says."""
    page, folder = (html / "chapters" / f"{chapter}.html").read_text(), html / "chapters" / "figures" / chapter
    for link in re.findall(r'href="((?:figures|\.\./records)/[^"#]+)"', page):
        assert (html / "chapters" / link).is_file(), link
    drawn = json.loads((folder / "figures.json").read_text())
    assert drawn
    assert "Fig. " not in page  # Sphinx's own numbers
    for each in drawn:
        assert re.search(rf'figure-number">Figure {re.escape(each["number"])}\. ?</span>', page), each["name"]
        assert all(f'href="../records/{key}.json"' in page for key in each["runs"])
        for suffix, digest in each["sha256"].items():
            assert hashlib.sha256((folder / f"{each['name']}{suffix}").read_bytes()).hexdigest() == digest


def test_ten_figures_by_lot_are_drawn_again_to_the_same_bytes(html):
    """Of those that show published runs; the lot is drawn by what the pages show. `make redraw` takes all."""
    known = on_pages(html)
    lot = random.Random(repr(known)).sample(known, min(10, len(known)))
    assert lot
    assert unlike(lot) == []


def test_the_theme_button_leads_to_dark_and_it_stays(show, driver):
    show("index.html")
    for _ in range(3):
        if theme(driver) == "dark":
            break
        # A click in the page: the button may lie under a tooltip.
        driver.execute_script("document.querySelector('.theme-switch-button').click()")
    show("how_to_read.html")
    assert theme(driver) == "dark"
    assert brightness(driver, "document.body", "backgroundColor") < 60
    assert brightness(driver, "document.querySelector('article p')", "color") > 150
    driver.execute_script("localStorage.clear()")


def theme(driver) -> str:
    return driver.execute_script("return document.documentElement.dataset.theme")


def brightness(driver, element: str, style: str) -> float:
    """Mean of red, green and blue, 0 to 255."""
    color = driver.execute_script(f"return getComputedStyle({element}).{style}")
    numbers = [float(part) for part in color.split("(")[1].rstrip(")").split(",")[:3]]
    return sum(numbers) / 3


def test_search_finds_the_chapter(show, driver):
    show("search.html?q=dictionary")
    links = "[...document.querySelectorAll('#search-results li a')].map(a => a.href)"
    wait(driver, f"return {links}.some(href => href.includes('chapters/dictionary_size.html'))")
    wrong = [line["message"] for line in driver.get_log("browser") if line["level"] != "INFO"]
    assert wrong == []


def test_a_command_can_be_copied(show, driver):
    show("index.html")
    assert driver.execute_script("return document.querySelectorAll('button.copybtn').length") >= 2
