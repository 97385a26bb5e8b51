"""The explorer of center and residuals: its static picture is the formula's, and it moves as the formula says."""

import math
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
FRAGMENT = (ROOT / "book" / "explorers" / "center.html").read_text()
MARKUP, _ = FRAGMENT.split("<script>")
MIDDLE, RADIUS = np.array([180.0, 135.0]), 110.0
START = ([20, 45, 70, 110, 150], 300)
TELEPHONE = 375  # CSS pixels


def points(fixed: list[float], moved: float) -> np.ndarray:
    """[6, 2] unit vectors, y upwards."""
    angles = np.radians([*fixed, moved])
    return np.stack([np.cos(angles), np.sin(angles)], 1)


def lengths(z: np.ndarray) -> list[float]:
    """m_o and m_r."""
    center = z.mean(0)
    return [float(np.linalg.norm(center)), float(np.linalg.norm(z - center, axis=1).mean())]


def numbers(words: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d\.\d+", words)]


@pytest.fixture(scope="module")
def figure() -> ElementTree.Element:
    return ElementTree.fromstring(MARKUP)


def named(figure: ElementTree.Element, part: str) -> ElementTree.Element:
    (found,) = figure.findall(f".//*[@data-part='{part}']")
    return found


def drawn(x: str, y: str) -> np.ndarray:
    """A place of the picture as a vector of the circle."""
    return (np.array([float(x), float(y)]) - MIDDLE) * [1, -1] / RADIUS


# --- the picture as committed


def test_the_static_picture_is_the_formulas(figure):
    z = points(*START)
    dots = [drawn(dot.get("cx"), dot.get("cy")) for dot in named(figure, "points")]
    dots.append(drawn(named(figure, "moved").get("cx"), named(figure, "moved").get("cy")))
    assert np.array(dots) == pytest.approx(z, abs=1e-4)
    ends = [re.findall(r"-?[\d.]+", path.get("d")) for path in named(figure, "residuals")]
    assert np.array([drawn(*end[:2]) for end in ends]) == pytest.approx(np.tile(z.mean(0), (6, 1)), abs=1e-4)
    assert np.array([drawn(*end[2:]) for end in ends]) == pytest.approx(z, abs=1e-4)
    center = re.findall(r"-?[\d.]+", named(figure, "center").get("d"))
    assert drawn(*center[2:]) == pytest.approx(z.mean(0), abs=1e-4)
    push = re.findall(r"-?[\d.]+", named(figure, "push").get("d"))
    assert drawn(*push[2:]) == pytest.approx(z[-1] - z.mean(0) / 2, abs=1e-4)
    assert numbers(named(figure, "says").text) == pytest.approx(lengths(z), abs=5.1e-3)


def test_collapse_and_its_opposite_are_where_the_buttons_say(figure):
    settings = {button.text: button for button in figure.iter("button")}
    found = {
        name: lengths(points([float(a) for a in b.get("data-fixed").split()], float(b.get("data-moved"))))
        for name, b in settings.items()
    }
    assert found["nearly collapsed"][0] > 0.98
    assert found["all around"] == pytest.approx([0, 1], abs=1e-12)
    assert found["start"] == lengths(points(*START))


# --- alive


@pytest.fixture
def page(telephone):
    return telephone(FRAGMENT, mobile=False)


def said(page) -> list[float]:
    return numbers(page.find_element("css selector", "#center-explorer output").text)


@pytest.mark.browser
def test_it_opens_as_committed_and_fits_a_telephone(page):
    assert said(page) == pytest.approx(lengths(points(*START)), abs=5.1e-3)
    assert page.execute_script("return document.documentElement.scrollWidth") <= TELEPHONE
    assert page.get_log("browser") == []


@pytest.mark.browser
def test_the_point_moves_by_keyboard(page):
    from selenium.webdriver.common.keys import Keys

    slider = page.find_element("id", "center-explorer-angle")
    slider.send_keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert said(page) == pytest.approx(lengths(points(START[0], 290)), abs=5.1e-3)
    assert slider.get_attribute("aria-valuetext") == "290 degrees"


@pytest.mark.browser
def test_the_point_is_dragged(page):
    """From 300 degrees to straight up, 90 degrees: the slider follows."""
    from selenium.webdriver import ActionChains

    picture = page.find_element("css selector", "#center-explorer svg")
    scale = picture.size["width"] / 360
    dot = page.find_element("css selector", "[data-part=moved]")
    angle = math.radians(300)
    across, up = -RADIUS * math.cos(angle) * scale, -(RADIUS - RADIUS * math.sin(angle)) * scale
    ActionChains(page).click_and_hold(dot).move_by_offset(round(across), round(up)).release().perform()
    assert abs(float(page.find_element("id", "center-explorer-angle").get_attribute("value")) - 90) <= 5
    found = said(page)
    assert found == pytest.approx(lengths(points(START[0], 90)), abs=0.03)


@pytest.mark.browser
def test_a_finger_drags_the_point_and_not_the_page(telephone):
    """From 300 degrees to 240, beneath the center."""
    page = telephone(FRAGMENT + "<p style='height: 2000px'></p>")
    page.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    dot, picture = (
        page.find_element("css selector", f"#center-explorer {of}").rect for of in ("[data-part=moved]", "svg")
    )
    scale, start = picture["width"] / 360, (dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    angles = [math.radians(angle) for angle in (300, 280, 260, 240)]
    path = [
        (start[0] + scale * RADIUS * (math.cos(a) - math.cos(angles[0])),
         start[1] - scale * RADIUS * (math.sin(a) - math.sin(angles[0])))
        for a in angles
    ]  # fmt: skip
    for kind, (x, y) in zip(("touchStart", *["touchMove"] * 3), path, strict=True):
        page.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    page.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})
    assert abs(float(page.find_element("id", "center-explorer-angle").get_attribute("value")) - 240) <= 5
    assert page.execute_script("return scrollY") == 0


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "setting"),
    [("nearly collapsed", ([45, 50, 55, 60, 65], 70)), ("all around", ([0, 60, 120, 180, 240], 300)), ("start", START)],
)
def test_the_buttons(page, name, setting):
    page.find_element("xpath", f"//button[.='{name}']").click()
    assert said(page) == pytest.approx(lengths(points(*setting)), abs=5.1e-3)
