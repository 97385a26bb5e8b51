"""The explorer of one step and many: its picture is the formula's, and it moves as the formula says."""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from anatomy.analysis.attack_plane import loss_of, many_steps, one_step

ROOT = Path(__file__).resolve().parents[2]
FRAGMENT = (ROOT / "book" / "explorers" / "attack.html").read_text()
MARKUP, _ = FRAGMENT.split("<script>")
REACH, CELLS, SHADES, LOW, HIGH = 1.2, 24, 8, -2.0, 1.0
TELEPHONE = 375  # CSS pixels


def levels(radius: float, bend: float) -> list[float]:
    """The loss at the image, after one step, and after many."""
    ends = (np.zeros(2), one_step(bend, radius)[-1], many_steps(bend, radius)[-1])
    return [float(loss_of(end, bend)) for end in ends]


def numbers(words: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.\d+", words)]


def drawn(x: float, y: float) -> list[float]:
    """A place of the picture as changes of two pixels."""
    return [((x - 30) / 120 - 1) * REACH, (1 - (y - 15) / 120) * REACH]


@pytest.fixture(scope="module")
def figure() -> ElementTree.Element:
    return ElementTree.fromstring(MARKUP)


def named(figure: ElementTree.Element, part: str) -> ElementTree.Element:
    (found,) = figure.findall(f".//*[@data-part='{part}']")
    return found


def way(figure: ElementTree.Element, part: str) -> list[list[float]]:
    found = numbers(named(figure, part).get("d", ""))
    return [drawn(*pair) for pair in zip(found[::2], found[1::2], strict=True)]


# --- the picture as committed


def test_the_static_ways_are_the_formulas(figure) -> None:
    assert np.array(way(figure, "one")) == pytest.approx(one_step(2.0), abs=1e-3)
    assert np.array(way(figure, "many")) == pytest.approx(many_steps(2.0), abs=1e-3)
    for part, of in (("end-one", one_step(2.0)), ("end-many", many_steps(2.0))):
        dot = named(figure, part)
        assert drawn(float(dot.get("cx", "")), float(dot.get("cy", ""))) == pytest.approx(of[-1].tolist(), abs=1e-3)
    assert numbers(named(figure, "says").text or "") == pytest.approx(levels(1.0, 2.0), abs=5.1e-3)
    ball = numbers(named(figure, "ball").get("d", ""))
    assert drawn(*ball[:2]) == pytest.approx([-1, 1], abs=1e-3)
    assert drawn(*ball[2:4]) == pytest.approx([1, -1], abs=1e-3)


def test_the_static_shades_are_the_formulas(figure) -> None:
    seen = 0
    for level, path in enumerate(named(figure, "shades")):
        for x, y in re.findall(r"M(\d+) (\d+)", path.get("d", "")):
            loss = float(loss_of(np.array(drawn(float(x) + 5, float(y) + 5)), 2.0))
            assert min(SHADES - 1, max(0, int((loss - LOW) // ((HIGH - LOW) / SHADES)))) == level
            seen += 1
    assert seen == CELLS**2


def test_the_buttons_show_what_they_say(figure) -> None:
    found = {button.text: levels(float(button.get("data-radius")), float(button.get("data-bend")))
             for button in figure.iter("button")}  # fmt: skip
    image, one, many = found["a bent loss"]
    assert one < image < many  # abnormal
    image, one, many = found["a small ball"]
    assert image < one
    assert found["a straight loss"] == pytest.approx([0, 0.8, 0.8])


# --- alive


@pytest.fixture
def page(telephone):
    return telephone(FRAGMENT, mobile=False)


def said(page) -> list[float]:
    return numbers(page.find_element("css selector", "#attack-explorer output").text)


@pytest.mark.browser
def test_it_opens_as_committed_and_fits_a_telephone(page) -> None:
    committed = {
        part: re.search(f'data-part="{part}"[^>]* d="([^"]+)"', FRAGMENT)[1] for part in ("ball", "one", "many")
    }
    for part, d in committed.items():
        assert page.find_element("css selector", f"[data-part={part}]").get_attribute("d") == d
    shades = re.findall(r'<path opacity="[^"]+" d="([^"]*)"', FRAGMENT)
    now = page.find_elements("css selector", "[data-part=shades] path")
    assert [each.get_attribute("d") for each in now] == shades
    assert said(page) == pytest.approx(levels(1.0, 2.0), abs=5.1e-3)
    assert page.execute_script("return document.documentElement.scrollWidth") <= TELEPHONE
    assert page.get_log("browser") == []


@pytest.mark.browser
def test_both_sliders_move_by_keyboard(page) -> None:
    from selenium.webdriver.common.keys import Keys

    radius = page.find_element("id", "attack-explorer-radius")
    radius.send_keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert said(page) == pytest.approx(levels(0.8, 2.0), abs=5.1e-3)
    assert radius.get_attribute("aria-valuetext") == "radius 0.8"
    page.find_element("id", "attack-explorer-bend").send_keys(Keys.HOME)
    assert said(page) == pytest.approx(levels(0.8, 0.0), abs=5.1e-3)


@pytest.mark.browser
def test_the_buttons_of_the_attack(page) -> None:
    for name, setting in (("a small ball", (0.3, 2.0)), ("a straight loss", (1.0, 0.0)), ("a bent loss", (1.0, 2.0))):
        page.find_element("xpath", f"//button[.='{name}']").click()
        assert said(page) == pytest.approx(levels(*setting), abs=5.1e-3)
