"""The explorer of six losses' forces: its picture and numbers are those of the formulas."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from anatomy.analysis.loss_forces import FAMILY

ROOT = Path(__file__).resolve().parents[2]
FRAGMENT = (ROOT / "book" / "explorers" / "family.html").read_text()
MARKUP, _ = FRAGMENT.split("<script>")
PULL, PUSH, ZERO = 70, 60, 280  # widths of a force of 1, and where a push of 0 stands
TELEPHONE = 375  # CSS pixels
START = (60.0, 40.0, 0.1)  # degrees of the negative and of the positive from the anchor; temperature


def forces(negative: float, positive: float, t: float) -> dict[str, list[float]]:
    """Pull, and push of the negative that is moved, over the greatest pull of each loss."""
    near = np.cos(np.radians([negative, 70.0, 180.0]))
    greatest = {"CACR": 2.0, "CACR, weights detached": 2.0, "spectral": 2 / t}
    found = {}
    for name, force in FAMILY.items():
        pull, push = force(float(np.cos(np.radians(positive))), near, t)
        found[name] = [pull / greatest.get(name, 1 / t), push[0] / greatest.get(name, 1 / t)]
    return found


@pytest.fixture(scope="module")
def figure() -> ElementTree.Element:
    return ElementTree.fromstring(MARKUP)  # an error here: a tag that is not closed


def rows(figure: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {each.get("data-loss"): each for each in figure.iter("g") if each.get("data-loss")}


# --- the picture as committed


def test_the_static_bars_and_numbers_are_the_formulas(figure):
    expected = forces(*START)
    assert list(rows(figure)) == list(FAMILY)
    for name, row in rows(figure).items():
        pull, push = (row.find(f"rect[@data-part='{kind}']") for kind in ("pull", "push"))
        assert float(pull.get("width")) == pytest.approx(PULL * expected[name][0], abs=0.01)
        width = PUSH * max(-1, min(1, expected[name][1]))
        assert float(push.get("width")) == pytest.approx(abs(width), abs=0.01)
        assert float(push.get("x")) == pytest.approx(ZERO + min(0, width), abs=0.01)
        told = [float(number) for number in row.find("text[@data-part='told']").text.split(" and ")]
        assert told == pytest.approx(expected[name], abs=0.006)


def test_the_words_count_those_that_draw_nearer(figure):
    drawn = sum(push < 0 for _, push in forces(*START).values())
    said = figure.find("output").text
    assert said == f"positive at 40°, negative at 60°: {drawn} of 6 losses draw the negative nearer"


def test_the_description_says_what_is_drawn():
    now = forces(*START)
    assert now["DCL"] == pytest.approx(now["CACR, weights detached"])
    assert max(*now["InfoNCE"], *now["hard negatives"]) < 0.2
    assert now["DCL"][1] < now["CACR"][1] < now["spectral"][1]


# --- alive


@pytest.fixture
def page(telephone):
    """The fragment as first opened."""
    return telephone(FRAGMENT)


def drawn(page) -> dict[str, list[float]]:
    script = (
        "return Object.fromEntries([...document.querySelectorAll('[data-loss]')].map(row => [row.dataset.loss, "
        "row.querySelector('[data-part=told]').textContent.split(' and ').map(Number)]))"
    )
    return page.execute_script(script)


def same(page, *setting: float) -> bool:
    expected = forces(*setting)
    return all(drawn(page)[name] == pytest.approx(expected[name], abs=0.006) for name in FAMILY)


@pytest.mark.browser
def test_it_opens_as_committed_and_fits_a_telephone(page):
    assert same(page, *START)
    assert page.execute_script("return document.documentElement.scrollWidth") <= TELEPHONE
    assert page.get_log("browser") == []


@pytest.mark.browser
def test_the_sliders_move_by_keyboard_and_the_numbers_follow(page):
    from selenium.webdriver.common.keys import Keys

    for slider, keys, setting in (
        ("n", [Keys.ARROW_RIGHT] * 4, (80.0, 40.0, 0.1)),
        ("p", [Keys.HOME], (80.0, 0.0, 0.1)),
        ("t", [Keys.END], (80.0, 0.0, 1.0)),
    ):
        page.find_element("id", f"family-explorer-{slider}").send_keys(*keys)
        assert same(page, *setting)
    said = page.find_element("css selector", "#family-explorer output").text
    count = sum(push < 0 for _, push in forces(80.0, 0.0, 1.0).values())
    assert said == f"positive at 0°, negative at 80°: {count} of 6 losses draw the negative nearer"


@pytest.mark.browser
def test_the_buttons(page):
    for name, setting in (
        ("found positive", (60.0, 0.0, 0.1)), ("easy negative", (90.0, 40.0, 0.1)),
        ("high temperature", (60.0, 40.0, 1.0)), ("start", START),
    ):  # fmt: skip
        page.find_element("xpath", f"//button[.='{name}']").click()
        assert same(page, *setting)
