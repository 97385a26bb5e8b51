"""The built book in Chromium: each page, on a desk and on a telephone, in light and in dark.

Needs _build/html (make book) and Chromium with its driver; without them a skip that says so, and a
failure where ANATOMY_STRICT=1.
"""

import hashlib
import json
import random
import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from anatomy.chapters import CHAPTERS
from follow import on_pages, unlike

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build" / "html"
TELEPHONE, DESK = 375, 1280  # CSS pixels
PATIENCE = 20  # seconds; a shared machine can be slow
# The background services would look up hosts of their own; --no-sandbox, since CI runs as root.


def pages() -> list[str]:
    """The pages that readers see, by their address below the root."""
    found = sorted(path.relative_to(HTML).as_posix() for path in HTML.rglob("*.html"))
    return [page for page in found if not page.startswith("_") and page not in OTHERS]


OTHERS = ("genindex.html", "search.html", "py-modindex.html")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *ignored: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(html):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(html)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def show(driver, address):
    """Open a page at a width and wait until it, its formulas and its pictures are there."""

    def show(page: str, width: int = DESK) -> None:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        driver.get(f"{address}/{page}")
        wait(driver, READY)

    for kind in ("browser", "performance"):
        driver.get_log(kind)  # what an earlier test left
    return show


# Pictures below the fold load late, so each is asked for; MathJax is ready when it has typeset all.
READY = """
    document.querySelectorAll('img').forEach(image => { image.loading = 'eager'; });
    return document.readyState === 'complete'
        && [...document.images].every(image => image.complete)
        && document.querySelectorAll('.math mjx-container').length
           === document.querySelectorAll('.math').length;
"""


def wait(driver, script: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(driver, PATIENCE).until(lambda it: it.execute_script(script), message=script)


def test_there_are_pages(html):
    assert {"index.html", "how_to_read.html", "chapters/ledger.html"} <= set(pages())


@pytest.mark.parametrize("page", pages())
def test_a_page_has_no_errors_and_asks_no_other_host(page, show, driver):
    show(page)
    wrong = [line["message"] for line in driver.get_log("browser") if line["level"] != "INFO"]
    assert wrong == []
    assert {urlsplit(url).hostname for url in requests(driver)} == {"127.0.0.1"}


def requests(driver) -> list[str]:
    """Every address that was asked for over a network; Chromium's own pages have other schemes."""
    messages = [json.loads(line["message"])["message"] for line in driver.get_log("performance")]
    sent = [each for each in messages if each["method"] == "Network.requestWillBeSent"]
    urls = [each["params"]["request"]["url"] for each in sent]
    return [url for url in urls if urlsplit(url).scheme in {"http", "https", "ws", "wss"}]


@pytest.mark.parametrize("page", pages())
def test_a_page_fits_a_telephone(page, show, driver):
    show(page, TELEPHONE)
    assert driver.execute_script("return document.documentElement.scrollWidth") <= TELEPHONE


@pytest.mark.parametrize("width", [DESK, TELEPHONE])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_begins_with_a_verdict_its_number_and_its_interval(chapter, width, show, driver):
    """All three above the fold, in one sentence that leads to the claim and to its figure."""
    show(f"chapters/{chapter}.html", width)
    found = driver.execute_script(FIRST_ANSWER)
    assert found["chip"] in {"holds", "does not hold", "undecided"}
    assert re.search(r": −?[\d.]+( \w+)? \((95\u00a0% interval|\d+ seeds?,) −?[\d.e−]+ to −?[\d.e−]+", found["text"])
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


@pytest.mark.parametrize("page", pages())
def test_every_picture_loads_and_says_what_it_shows(page, show, driver):
    show(page)
    images = driver.execute_script(
        "return [...document.images].map(i => [i.src, i.getAttribute('alt'), i.naturalWidth])"
    )
    for source, alt, width in images:
        assert width > 0, source
        assert alt, source
        assert not alt.lower().endswith((".png", ".svg", ".jpg")), source


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


@pytest.mark.parametrize("page", [page for page in pages() if 'class="math' in (HTML / page).read_text()])
def test_formulas_are_typeset_by_the_books_own_mathjax(page, show, driver):
    show(page)
    assert driver.execute_script("return document.querySelectorAll('mjx-container').length") > 0
    assert not driver.execute_script("return document.querySelectorAll('mjx-merror').length")
    script = "return [...document.scripts].map(s => s.src).filter(s => s.includes('mathjax'))"
    sources = driver.execute_script(script)
    assert sources
    assert all("/_static/mathjax/" in source for source in sources)


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
