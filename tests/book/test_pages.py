"""Each page of the built book in Chromium, opened once: what it says to the console and asks the network for, its
pictures and formulas, its width on a telephone, and what axe-core finds.
"""

import json
from urllib.parse import urlsplit

import pytest

import axe
import built_pages
from built_pages import HTML, TELEPHONE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=built_pages.pages())
def page(request, driver, address):
    """The page's name; it is open, at the width of a desk, and the browser's logs are of it alone."""
    for kind in ("browser", "performance"):
        driver.get_log(kind)
    built_pages.show(driver, address, request.param)
    return request.param


def test_it_has_no_errors_and_asks_no_other_host(page, driver):
    wrong = [line["message"] for line in driver.get_log("browser") if line["level"] != "INFO"]
    assert wrong == []
    asked = requests(driver)
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    assert not [url for url in asked if "/fontawesome/" in url and url.partition("?")[0].endswith(".js")]


def requests(driver) -> list[str]:
    """Every address that was asked for over a network; Chromium's own pages have other schemes."""
    messages = [json.loads(line["message"])["message"] for line in driver.get_log("performance")]
    sent = [each for each in messages if each["method"] == "Network.requestWillBeSent"]
    urls = [each["params"]["request"]["url"] for each in sent]
    return [url for url in urls if urlsplit(url).scheme in {"http", "https", "ws", "wss"}]


def test_every_picture_loads_and_says_what_it_shows(page, driver):
    images = driver.execute_script(
        "return [...document.images].map(i => [i.src, i.getAttribute('alt'), i.naturalWidth])"
    )
    for source, alt, width in images:
        assert width > 0, source
        assert alt, source
        assert not alt.lower().endswith((".png", ".svg", ".jpg")), source


def test_formulas_are_typeset_by_the_books_own_mathjax(page, driver):
    if 'class="math' not in (HTML / page).read_text():
        return
    typeset, read_aloud = driver.execute_script(
        "return ['mjx-container', 'mjx-assistive-mml'].map(tag => document.querySelectorAll(tag).length)"
    )
    assert typeset == read_aloud > 0
    assert not driver.execute_script("return document.querySelectorAll('mjx-merror').length")
    script = "return [...document.scripts].map(s => s.src).filter(s => s.includes('mathjax'))"
    sources = driver.execute_script(script)
    assert sources
    assert all("/_static/mathjax/" in source for source in sources)


def test_it_fits_a_telephone(page, driver):
    built_pages.resize(driver, TELEPHONE)
    try:
        assert driver.execute_script("return document.documentElement.scrollWidth") <= TELEPHONE
    finally:
        built_pages.resize(driver, built_pages.DESK)


def test_words_of_pictures_can_be_read_on_a_telephone(page, driver):
    """Of drawings in the page itself, such as explorers; those that are files are drawn for a telephone."""
    built_pages.resize(driver, TELEPHONE)
    try:
        assert driver.execute_script(SMALL_WORDS) == []
    finally:
        built_pages.resize(driver, built_pages.DESK)


SMALL_WORDS = """
    return [...document.querySelectorAll('article svg text')].flatMap(text => {
        const place = text.getScreenCTM(), own = parseFloat(getComputedStyle(text).fontSize);
        const size = own * Math.hypot(place.a, place.b);
        return text.getBoundingClientRect().width && size < 11 ? [`${text.textContent}: ${size.toFixed(1)} px`] : [];
    });
"""


def test_axe_finds_nothing_serious(page, driver):
    assert axe.violations(driver) == []  # the last one: it changes the page


def test_a_picture_without_text_and_pale_words_would_be_seen(show, driver):
    show("references.html")
    driver.execute_script("""
        const bad = document.createElement('p');
        bad.innerHTML = '<img src="_static/logo.svg"><span style="color: #888; background: #777">pale</span>';
        document.querySelector('article').append(bad);
    """)
    found = " ".join(axe.violations(driver))
    assert "light critical image-alt" in found
    assert "light serious color-contrast" in found
    assert "dark serious color-contrast" in found
