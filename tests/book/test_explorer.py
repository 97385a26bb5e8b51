"""The explorer of W: its picture and numbers are those of the formula."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
FRAGMENT = (ROOT / "book" / "explorers" / "hardness.html").read_text()
MARKUP, _ = FRAGMENT.split("<script>")
BOTTOM, TOP = 170, 20  # where W = 0 and W = 1 stand in the picture
TELEPHONE = 375  # CSS pixels
PATIENCE = 20  # seconds


def weights(negatives: int, temperature: float) -> np.ndarray:
    """W of the anchors with similarity 0.30, 0.35, ... 0.95; negatives normal(0.1, 0.15), their sum expected."""
    similarity = np.arange(30, 96, 5) / 100
    total = negatives * np.exp(0.1 / temperature + 0.15**2 / (2 * temperature**2))
    return total / (total + np.exp(similarity / temperature))


def summary(w: np.ndarray) -> list[float]:
    """Mean and spread, population standard deviation over mean."""
    return [w.mean(), w.std() / w.mean()]


@pytest.fixture(scope="module")
def figure() -> ElementTree.Element:
    return ElementTree.fromstring(MARKUP)  # an error here: a tag that is not closed


def named(figure: ElementTree.Element, part: str) -> ElementTree.Element:
    (found,) = figure.findall(f".//*[@data-part='{part}']")
    return found


# --- the picture as committed: K = 255, T = 0.1


def test_the_static_bars_are_the_formulas(figure):
    bars = named(figure, "bars")
    assert [float(bar.get("data-similarity")) for bar in bars] == pytest.approx(np.arange(30, 96, 5) / 100)
    heights = np.array([float(bar.get("height")) for bar in bars])
    feet = heights + [float(bar.get("y")) for bar in bars]
    assert heights / (BOTTOM - TOP) == pytest.approx(weights(255, 0.1), abs=1e-4)
    assert feet == pytest.approx(BOTTOM, abs=0.011)


def test_the_marks_of_the_start_lie_on_the_bars(figure):
    (path,) = [each.get("d") for each in figure.iter("path") if each.get("d").count("h") == 14]
    marks = np.array([float(y) for y in re.findall(r"M[\d.]+ ([\d.]+)h", path)])
    assert (BOTTOM - marks) / (BOTTOM - TOP) == pytest.approx(weights(255, 0.1), abs=1e-4)


def test_the_static_numbers_are_the_formulas(figure):
    assert numbers(named(figure, "says").text) == pytest.approx(summary(weights(255, 0.1)), abs=6e-4)
    (mean,) = re.findall(r"translate\(0 ([\d.]+)\)", named(figure, "mean").get("transform"))
    assert (BOTTOM - float(mean)) / (BOTTOM - TOP) == pytest.approx(weights(255, 0.1).mean(), abs=1e-4)


def numbers(words: str) -> list[float]:
    """`mean of W 0.687, spread (sd / mean) 0.434` -> the two; `below 0.001` reads as half of it."""
    return [0.0005 if below else float(number) for below, number in re.findall(r"(below )?(\d\.\d+)", words)]


# --- alive


@pytest.fixture
def page(telephone):
    """The fragment as first opened."""
    return telephone(FRAGMENT)


def said(page) -> list[float]:
    return numbers(page.find_element("css selector", "#hardness-explorer output").text)


def drawn(page) -> list[float]:
    script = "return [...document.querySelectorAll('[data-part=bars] rect')].map(r => r.getAttribute('height'))"
    return [float(height) / (BOTTOM - TOP) for height in page.execute_script(script)]


def press(page, slider: str, *keys: str) -> None:
    page.find_element("id", f"hardness-explorer-{slider}").send_keys(*keys)


@pytest.mark.browser
def test_it_opens_as_committed_and_fits_a_telephone(page):
    assert drawn(page) == pytest.approx(weights(255, 0.1), abs=1e-6)
    assert page.execute_script("return document.documentElement.scrollWidth") <= TELEPHONE
    assert page.get_log("browser") == []


@pytest.mark.browser
def test_the_sliders_move_by_keyboard_and_the_numbers_follow(page):
    from selenium.webdriver.common.keys import Keys

    press(page, "k", Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)  # 255 -> 511 -> 1023
    assert drawn(page) == pytest.approx(weights(1023, 0.1), abs=1e-6)
    assert said(page) == pytest.approx(summary(weights(1023, 0.1)), abs=6e-4)
    press(page, "t", Keys.ARROW_LEFT)  # 0.1 -> 0.08
    assert said(page) == pytest.approx(summary(weights(1023, 0.08)), abs=6e-4)
    slider = page.find_element("id", "hardness-explorer-t")
    assert slider.get_attribute("aria-valuetext") == "temperature 0.08"


@pytest.mark.browser
@pytest.mark.parametrize(("k", "negatives"), [("HOME", 15), ("END", 65535)])
@pytest.mark.parametrize(("t", "temperature"), [("HOME", 0.03), ("END", 1.0)])
def test_the_four_corners(page, k, negatives, t, temperature):
    from selenium.webdriver.common.keys import Keys

    press(page, "k", getattr(Keys, k))
    press(page, "t", getattr(Keys, t))
    assert drawn(page) == pytest.approx(weights(negatives, temperature), abs=1e-6)
    assert said(page) == pytest.approx(summary(weights(negatives, temperature)), abs=6e-4)
    assert page.execute_script("return document.documentElement.scrollWidth") <= TELEPHONE


@pytest.mark.browser
def test_where_k_draws_cannot_stand_for_the_expected_sum_the_page_says_so(page):
    from selenium.webdriver.common.keys import Keys

    # At K = 255 the border is T = 0.15 / sqrt(2 ln 255) = 0.15 / 3.329 = 0.0451; from 0.1 four steps lead to 0.05.
    note = page.find_element("css selector", ".explorer-note")
    press(page, "t", *[Keys.ARROW_LEFT] * 4)
    assert page.find_element("css selector", "[data-part=t]").text == "0.05"
    assert not note.is_displayed()
    press(page, "t", Keys.ARROW_LEFT)
    assert note.is_displayed()


@pytest.mark.browser
def test_the_buttons_show_two_ways_to_equal_weights(page):
    for name, setting in [("large dictionary", (65535, 0.1)), ("high temperature", (255, 1.0)), ("start", (255, 0.1))]:
        page.find_element("xpath", f"//button[.='{name}']").click()
        assert drawn(page) == pytest.approx(weights(*setting), abs=1e-6)
