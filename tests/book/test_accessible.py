"""axe-core on every page of the built book, in light and in dark: nothing serious, with what is folded opened.

axe-core comes from the wheel axe-core-python; no page loads it.
"""

from importlib.resources import files

import pytest

from built_pages import DESK, TELEPHONE, pages

pytestmark = pytest.mark.browser

AXE = files("axe_core_python").joinpath("axe.min.js")
# What is folded is looked at too, and without a transition that would show colors half way.
OPEN = """
    const still = document.createElement('style');
    still.textContent = '* { transition: none !important; animation: none !important; }';
    document.head.append(still);
    document.querySelectorAll('details').forEach(it => { it.open = !it.closest('table.ledger'); });
    document.querySelectorAll('table.ledger details').forEach((it, place) => { it.open = place < 2; });
"""
# The rows of the ledger are all made by one template, and axe takes a second for ten of them.
CONTEXT = {"exclude": [["table.ledger > tbody:nth-of-type(n+20)"]]}
RUN = """
    const [theme, context, done] = arguments;
    const rules = theme === 'dark' ? {runOnly: ['color-contrast']} : {};  // the only one that sees colors
    document.documentElement.dataset.theme = document.documentElement.dataset.mode = theme;
    axe.run(context, rules).then(({violations}) => done(violations.flatMap(
        ({id, impact, nodes}) => ['serious', 'critical'].includes(impact)
            ? nodes.map(it => `${theme} ${impact} ${id}: ${it.target} ${it.any.map(one => one.message)}`) : []
    )), error => done([String(error)]));
"""


def violations(driver, themes: tuple[str, ...] = ("light", "dark")) -> list[str]:
    driver.execute_script(OPEN + AXE.read_text("utf-8"))
    return [found for theme in themes for found in driver.execute_async_script(RUN, theme, CONTEXT)]


@pytest.mark.parametrize("page", [*pages(), "search.html?q=dictionary"])
def test_a_page_has_no_serious_violation(page, show, driver):
    show(page, DESK)
    assert violations(driver) == []


@pytest.mark.parametrize("page", ["index.html", "chapters/ledger.html", "chapters/dictionary_size.html"])
def test_nor_on_a_telephone(page, show, driver):
    show(page, TELEPHONE)
    assert violations(driver, ("light",)) == []


def test_a_picture_without_text_and_pale_words_would_be_seen(show, driver):
    show("notation.html")
    driver.execute_script("""
        const bad = document.createElement('p');
        bad.innerHTML = '<img src="_static/logo.svg"><span style="color: #ddd; background: #fff">pale</span>';
        document.querySelector('article').append(bad);
    """)
    found = " ".join(violations(driver, ("light",)))
    assert "critical image-alt" in found
    assert "serious color-contrast" in found
