"""The explorer of the losses' forces: its circle, bars and numbers are those of the formulas."""

import math
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from anatomy.analysis.loss_forces import FAMILY

ROOT = Path(__file__).resolve().parents[2]
FRAGMENT = (ROOT / "book" / "explorers" / "family.html").read_text()
MARKUP, _ = FRAGMENT.split("<script>")
PULL, PUSH = 70, 60  # widths of a force of 1
RADIUS = 80
TELEPHONE = 375  # CSS pixels
# Degrees of the negative and of the positive from the anchor, to the right; temperature.
START = (-60.0, 40.0, 0.1)
TEMPERATURES = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0)


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


def place(degrees: float) -> tuple[float, float]:
    """On the circle, from its center, y downwards."""
    return RADIUS * math.sin(math.radians(degrees)), -RADIUS * math.cos(math.radians(degrees))


def numbers(words: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", words)]


def told(negative: float, positive: float, t: float) -> str:
    drawn = sum(push < 0 for _, push in forces(negative, positive, t).values())
    where = f"positive at {abs(positive):g}°, negative at {abs(negative):g}°"
    return f"{where}: {drawn} of {len(FAMILY)} losses draw the negative nearer"


def rows(figure: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {each.get("data-loss"): each for each in figure.iter("g") if each.get("data-loss")}


# --- the picture as committed


def test_the_static_bars_and_numbers_are_the_formulas(figure):
    expected = forces(*START)
    assert list(rows(figure)) == list(FAMILY)
    for name, row in rows(figure).items():
        pull, push = (row.find(f"path[@data-part='{kind}']").get("d") for kind in ("pull", "push"))
        width = PUSH * max(-1, min(1, expected[name][1]))
        assert numbers(pull) == pytest.approx([124, 0, PULL * expected[name][0], 14, 124], abs=0.01)
        assert numbers(push) == pytest.approx([280, 0, width, 14, 280], abs=0.01)
        said = row.find("text[@data-part='told']").text
        assert numbers(said) == pytest.approx(expected[name], abs=0.006)


def test_the_static_points_stand_where_the_sliders_do(figure):
    negative, positive, _ = START
    found = {each.get("data-part"): each for each in figure.iter("g")}
    for part, degrees in (("on-n", negative), ("on-p", positive)):
        assert numbers(found[part].get("transform")) == pytest.approx(place(degrees), abs=0.01)
        (slider,) = (each for each in figure.iter("input") if each.get("id").endswith(part[2:]))
        assert float(slider.get("value")) == degrees
    fixed = [numbers(each.get("transform")) for each in found["fixed"]]
    assert np.array(fixed) == pytest.approx(np.array([place(70), place(180)]), abs=0.01)


def test_the_words_count_those_that_draw_nearer(figure):
    assert figure.find("output").text == told(*START)


def test_the_description_says_what_is_drawn():
    now = forces(*START)
    assert now["DCL"] == pytest.approx(now["CACR, weights detached"])
    assert max(*now["InfoNCE"], *now["hard negatives"]) < 0.2
    assert max(now["debiased"]) < 1e-6
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
def test_the_sliders_move_by_keyboard_and_all_follows(page):
    from selenium.webdriver.common.keys import Keys

    for slider, keys, setting in (
        ("n", [Keys.ARROW_RIGHT] * 4, (-40.0, 40.0, 0.1)),
        ("p", [Keys.HOME], (-40.0, -180.0, 0.1)),
        ("t", [Keys.END], (-40.0, -180.0, 1.0)),
    ):
        page.find_element("id", f"family-explorer-{slider}").send_keys(*keys)
        assert same(page, *setting)
    assert (at(page, "on-n"), at(page, "on-p")) == (-40, -180)
    assert said(page) == told(-40.0, -180.0, 1.0)


def said(page) -> str:
    return page.find_element("css selector", "#family-explorer output").text


def at(page, part: str) -> float:
    """Degrees of a point, by where it is drawn; what a screen reader says and its slider agree."""
    point = page.find_element("css selector", f"[data-part={part}]")
    degrees = float(point.get_attribute("aria-valuenow"))
    assert numbers(point.get_attribute("transform")) == pytest.approx(place(degrees), abs=0.01)
    assert float(page.find_element("id", f"family-explorer-{part[-1]}").get_attribute("value")) == degrees
    assert point.get_attribute("aria-valuetext").startswith(f"{abs(degrees):g} degrees from the anchor")
    return degrees


@pytest.mark.browser
def test_every_bar_at_every_temperature_is_the_formulas(page):
    """Bars on both sides of zero, those that end at the edge, and debiased at its floor and above it."""
    settings = [(n, p, t) for n in (0.0, -35.0, 90.0, 120.0) for p in (0.0, 65.0, 155.0) for t in TEMPERATURES]
    found = page.execute_script(BARS, [(n, p, TEMPERATURES.index(t)) for n, p, t in settings])
    for setting, bars in zip(settings, found, strict=True):
        expected = [[PULL * pull, PUSH * max(-1, min(1, push))] for pull, push in forces(*setting).values()]
        assert np.array(bars) == pytest.approx(np.array(expected), abs=1e-9)
    floor = [forces(*setting)["debiased"][1] == 0 for setting in settings]
    assert {True, False} == set(floor)


BARS = """
    const [n, p, t] = ['n', 'p', 't'].map(name => document.querySelector(`#family-explorer-${name}`));
    const width = path => parseFloat(path.getAttribute('d').split('h')[1]);
    return arguments[0].map(values => {
        [n.value, p.value, t.value] = values;
        t.dispatchEvent(new Event('input'));
        const rows = [...document.querySelectorAll('[data-loss]')];
        return rows.map(row => ['pull', 'push'].map(name => width(row.querySelector(`[data-part=${name}]`))));
    });
"""


@pytest.mark.browser
def test_the_points_are_reached_and_moved_by_keyboard(page):
    from selenium.webdriver.common.keys import Keys

    page.find_element("css selector", "body").send_keys(Keys.TAB)
    for part, keys, degrees in (("on-p", [Keys.ARROW_UP] * 29, -175), ("on-n", [Keys.ARROW_LEFT] * 2, -70)):
        point = page.switch_to.active_element
        assert (point.get_attribute("data-part"), point.get_attribute("role")) == (part, "slider")
        assert point.get_attribute("aria-label")
        point.send_keys(*keys)
        assert at(page, part) == degrees
        point.send_keys(Keys.TAB)
    assert same(page, -70.0, -175.0, 0.1)
    words = page.find_element("css selector", "[data-part=on-p]").get_attribute("aria-valuetext")
    assert words == "175 degrees from the anchor, to the left"


@pytest.mark.browser
def test_the_points_are_dragged(telephone):
    from selenium.webdriver import ActionChains

    page = telephone(FRAGMENT, mobile=False)
    scale = page.find_element("css selector", "[data-part=circle]").size["width"] / 208
    for part, start, end in (("on-n", -60, 90), ("on-p", 40, -20)):
        dot = page.find_element("css selector", f"[data-part={part}]")
        move = [round((there - here) * scale) for here, there in zip(place(start), place(end), strict=True)]
        ActionChains(page).click_and_hold(dot).move_by_offset(*move).release().perform()
        assert abs(at(page, part) - end) <= 5
    assert same(page, at(page, "on-n"), at(page, "on-p"), 0.1)
    left = at(page, "on-p")
    ActionChains(page).move_by_offset(14, 0).perform()  # still on the point, which was let go
    assert at(page, "on-p") == left


@pytest.mark.browser
def test_a_finger_drags_a_point_and_not_the_page(telephone):
    page = telephone(FRAGMENT + "<p style='height: 2000px'></p>")
    page.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    box = page.find_element("css selector", "[data-part=circle]").rect
    middle, scale = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), box["width"] / 208
    path = [[m + scale * x for m, x in zip(middle, place(d), strict=True)] for d in (-60, -90, -120, -150)]
    for kind, (x, y) in zip(("touchStart", *["touchMove"] * 3), path, strict=True):
        page.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    page.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})
    assert abs(at(page, "on-n") + 150) <= 5
    assert page.execute_script("return scrollY") == 0


@pytest.mark.browser
def test_what_moves_is_no_part_of_an_image(page):
    """What an image holds is not there for a screen reader; without scripts nothing moves, and it is one."""
    assert page.find_element("css selector", "[data-part=circle]").get_attribute("role") == "group"
    assert 'data-part="circle" role="img"' in MARKUP
    assert "tabindex" not in MARKUP
    assert page.execute_script("return document.querySelectorAll('[role=img] [tabindex]').length") == 0


@pytest.mark.browser
def test_losses_are_counted(telephone):
    markup = re.sub(r'<g data-loss="DCL".*?</g>', "", FRAGMENT, flags=re.DOTALL)
    assert said(telephone(markup)) == told(*START).replace(f"of {len(FAMILY)}", f"of {len(FAMILY) - 1}")


@pytest.mark.browser
def test_the_buttons(page):
    for name, setting in (
        ("found positive", (-60.0, 0.0, 0.1)), ("easy negative", (-90.0, 40.0, 0.1)),
        ("hard negative", (-30.0, 40.0, 0.1)), ("high temperature", (-60.0, 40.0, 1.0)), ("start", START),
    ):  # fmt: skip
        page.find_element("xpath", f"//button[.='{name}']").click()
        assert same(page, *setting)
        assert said(page) == told(*setting)
