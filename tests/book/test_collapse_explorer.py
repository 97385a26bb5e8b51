"""The explorer of collapse: its static picture is the formula's, and its points move as gradient descent moves them."""

import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
FRAGMENT = (ROOT / "book" / "explorers" / "collapse.html").read_text()
MARKUP, _ = FRAGMENT.split("<script>")
PLACES = -np.pi + 2 * np.pi * (np.arange(12) + 0.5) / 12
SHIFT, TEMPERATURE, RATE, STEPS, START, COMMITTED = 0.25, 0.5, 0.3, 40, 0.5, 20
MIDDLE, HEIGHT, RADIUS = {"pull": 90, "both": 270}, 100, 72
TELEPHONE = 375  # CSS pixels


def slope(g: float, push: bool) -> float:
    """dL/dg, by hand: of 1 - cos(2 g s), and of InfoNCE as the mean of what the softmax makes of each d cos/dg."""
    if not push:
        return float(2 * SHIFT * np.sin(2 * SHIFT * g))
    apart = PLACES[:, None] - PLACES[None] - 2 * SHIFT  # [12, 12]
    steep = -apart * np.sin(g * apart) / TEMPERATURE
    weights = np.exp(np.cos(g * apart) / TEMPERATURE)
    weights /= weights.sum(1, keepdims=True)
    return float(((weights * steep).sum(1) - np.diag(steep)).mean())


@cache
def trained(push: bool) -> tuple[float, ...]:
    """The weight at each step."""
    found = [START]
    for _ in range(STEPS):
        found.append(found[-1] - RATE * slope(found[-1], push))
    return tuple(found)


def points(name: str, step: int) -> np.ndarray:
    """[12, 2] places in the picture."""
    angles = trained(name == "both")[step] * PLACES
    return np.stack([MIDDLE[name] + RADIUS * np.cos(angles), HEIGHT - RADIUS * np.sin(angles)], 1)


def spreads(step: int) -> list[float]:
    """Standard deviation of a coordinate times the root of 2, by both ways."""
    z = [np.exp(1j * trained(push)[step] * PLACES) for push in (False, True)]
    return [float(np.sqrt(2) * np.sqrt((each.real.var() + each.imag.var()) / 2)) for each in z]


def numbers(words: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d\.\d+", words)]


def test_the_static_picture_is_the_formulas():
    figure = ElementTree.fromstring(MARKUP)
    for name in MIDDLE:
        (part,) = figure.findall(f".//*[@data-part='{name}']")
        drawn = np.array([[float(dot.get("cx")), float(dot.get("cy"))] for dot in part])
        assert drawn == pytest.approx(points(name, COMMITTED), abs=0.02)
    (said,) = figure.findall(".//output")
    assert numbers(said.text) == pytest.approx(spreads(COMMITTED), abs=5.1e-3)


def test_one_way_collapses_and_the_other_does_not():
    """As the words for who does not see the picture have it."""
    pull, both = spreads(STEPS)
    assert pull < 0.05
    assert both > 0.95


# --- alive


@pytest.fixture
def page(telephone):
    return telephone(FRAGMENT)


def said(page) -> list[float]:
    return numbers(page.find_element("css selector", "#collapse-explorer output").text)


@pytest.mark.browser
def test_it_opens_as_committed_fits_a_telephone_and_moves_by_keyboard(page):
    from selenium.webdriver.common.keys import Keys

    assert said(page) == pytest.approx(spreads(COMMITTED), abs=5.1e-3)
    assert page.execute_script("return document.documentElement.scrollWidth") <= TELEPHONE
    slider = page.find_element("id", "collapse-explorer-step")
    slider.send_keys(Keys.HOME)
    assert said(page) == pytest.approx(spreads(0), abs=5.1e-3)
    slider.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert said(page) == pytest.approx(spreads(2), abs=5.1e-3)
    assert slider.get_attribute("aria-valuetext") == "step 2 of 40"
    assert page.get_log("browser") == []


@pytest.mark.browser
def test_it_plays_to_the_end(page):
    from selenium.webdriver.support.ui import WebDriverWait

    button = page.find_element("css selector", "#collapse-explorer button")
    button.click()
    WebDriverWait(page, 20).until(lambda page: "step 40 of 40" in page.page_source)
    assert said(page) == pytest.approx(spreads(STEPS), abs=5.1e-3)
    assert button.text == "play from the start"


@pytest.mark.browser
def test_who_asks_for_less_motion_has_the_slider_alone(telephone, driver):
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia",
                           {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]})  # fmt: skip
    page = telephone(FRAGMENT)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert page.find_elements("css selector", "#collapse-explorer button") == []
    assert page.find_element("id", "collapse-explorer-step").is_displayed()
