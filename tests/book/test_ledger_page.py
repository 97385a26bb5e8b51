"""The ledger's page in Chromium: its filters, their state in the address, its rows, and what opens them."""

import pytest

from anatomy import claims
from built_pages import DESK, TELEPHONE, resize, wait

pytestmark = pytest.mark.browser

PAGE = "chapters/ledger.html"
SHOWN = "return [...document.querySelectorAll('tbody[data-label]')].filter(it => it.offsetHeight).map(it => it.id)"
OPENED = "return [...document.querySelectorAll('details[open]')].map(it => it.closest('tbody')?.id)"
CHOOSE = """
    const [name, value] = arguments, field = document.querySelector('.ledger-filters').elements[name];
    if (field.type === 'checkbox') field.checked = true; else field.value = value;
    field.dispatchEvent(new Event('change', {bubbles: true}));
"""


@pytest.fixture
def ledger(show, driver):
    show(PAGE)
    return driver


def choose(driver, **chosen: str) -> None:
    for name, value in chosen.items():
        driver.execute_script(CHOOSE, name, value)


def test_all_rows_are_there_without_scripts(show, driver):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        for width in (DESK, TELEPHONE):
            resize(driver, width)
            driver.get(f"{show.args[1]}/{PAGE}")
            assert sorted(driver.execute_script(SHOWN)) == sorted(claims.ids())
            assert not driver.execute_script("return document.querySelector('.ledger-filters').offsetHeight")
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_filters_narrow_and_their_state_is_in_the_address(ledger):
    choose(ledger, chapter="vector_decomposition", whose="paper")
    found = ledger.execute_script(SHOWN)
    assert found == [id for id in claims.ids("decomposition") if claims.load(id).attribution == "paper"]
    assert ledger.current_url.endswith("?chapter=vector_decomposition&whose=paper")
    said = ledger.execute_script("return document.querySelector('.ledger-filters output').value")
    assert said == f"{len(found)} of {sum(not claim.demonstration for claim in claims.all_claims())} claims"
    ledger.refresh()
    wait(ledger, f"{SHOWN.replace('return', 'return (')}).length === {len(found)}")


def test_verdict_preset_and_decided_ask_for_one_and_the_same_verdict(ledger):
    rows = ledger.execute_script(
        "return [...document.querySelectorAll('tbody[data-label]')].map(it => [it.id, it.dataset.verdicts.split(' ')])"
    )
    choose(ledger, preset="laptop", decided="yes")
    decided = {"laptop:holds", "laptop:does-not-hold"}
    assert ledger.execute_script(SHOWN) == [id for id, found in rows if decided & {*found}]
    choose(ledger, verdict="undecided")
    assert ledger.execute_script(SHOWN) == []
    ledger.execute_script("document.querySelector('.ledger-filters button').click()")
    wait(ledger, f"{SHOWN.replace('return', 'return (')}).length === {len(rows)}")
    assert "?" not in ledger.current_url


def test_a_family_without_rows_has_no_title(ledger):
    choose(ledger, chapter="loss_family")
    titles = (
        "return [...document.querySelectorAll('tbody.family')].filter(it => it.offsetHeight).map(it => it.innerText)"
    )
    assert {title.strip() for title in ledger.execute_script(titles)} == {"Family of losses"}


def test_a_link_to_a_claim_opens_it_whatever_is_filtered(show, driver):
    show(f"{PAGE}?chapter=loss_family#decomposition-7")
    assert driver.execute_script(OPENED) == ["decomposition-7"]
    assert "decomposition-7" in driver.execute_script(SHOWN)
    top = driver.execute_script("return document.getElementById('decomposition-7').getBoundingClientRect().top")
    assert 0 <= top < 900


def test_an_unknown_filter_in_the_address_filters_nothing(show, driver):
    show(f"{PAGE}?chapter=nonsense&other=1")
    assert sorted(driver.execute_script(SHOWN)) == sorted(claims.ids())


def test_a_claim_is_found_by_its_id(show, driver):
    show("search.html?q=decomposition-7")
    links = "[...document.querySelectorAll('#search-results li a')].map(a => a.getAttribute('href'))"
    wait(driver, f"return {links}.some(href => href.endsWith('chapters/ledger.html#decomposition-7'))")


def test_a_row_opens_to_its_rule_and_runs(ledger):
    ledger.execute_script("document.querySelector('#decomposition-7 summary').click()")
    assert ledger.execute_script(OPENED) == ["decomposition-7"]
    text = ledger.execute_script("return document.querySelector('#decomposition-7 details').innerText")
    assert "CHAPTER=vector_decomposition" in text
    assert "95 % t interval" in text
