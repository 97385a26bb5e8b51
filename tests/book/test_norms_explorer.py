"""The explorer of normalization layers: it counts what the layers really average."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import torch

from anatomy.runs import parts

ROOT = Path(__file__).resolve().parents[2]
FRAGMENT = (ROOT / "book" / "explorers" / "norms.html").read_text()
MARKUP, _ = FRAGMENT.split("<script>")
CHANNELS, SIDE = 8, 2
CHOSEN = (1, 2, 0, 1)  # image 2, channel 3, the upper right pixel
TELEPHONE = 375  # CSS pixels
Cell = tuple[int, int, int, int]


def averaged(name: str, images: int = 4, **options) -> set[Cell]:
    """The numbers that the layer itself averages for the chosen one: those by which it changes, on an even map."""
    x = torch.zeros(images, CHANNELS, SIDE, SIDE, dtype=torch.float64, requires_grad=True)
    layer = parts.load("norm", name)(CHANNELS, **options).double()
    y = layer.by_batch(x) if name == "group_plus" else layer(x)
    (gradient,) = torch.autograd.grad(y[CHOSEN], x)
    return {tuple(cell) for cell in gradient.nonzero().tolist()}


def cells(path: str) -> set[Cell]:
    """The squares of a path, read back as image, channel, row, column."""
    corners = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h13v13h-13z", path)]
    return {((y - 22) // 38, (x - 34) // 38, (y - 22) % 38 // 15, (x - 34) % 38 // 15) for x, y in corners}


@pytest.fixture(scope="module")
def figure() -> ElementTree.Element:
    return ElementTree.fromstring(MARKUP)


def named(figure: ElementTree.Element, part: str) -> ElementTree.Element:
    (found,) = figure.findall(f".//*[@data-part='{part}']")
    return found


# --- the picture as committed: 4 groups, 4 images


def test_the_static_picture_is_what_the_layer_averages(figure) -> None:
    assert cells(named(figure, "shared").get("d")) == averaged("group", groups=4)
    assert cells(named(figure, "one").get("d")) == {CHOSEN}
    assert len(cells(named(figure, "all").get("d"))) == 4 * CHANNELS * SIDE**2


def test_the_static_words_count_it(figure) -> None:
    assert [int(n) for n in re.findall(r"\d+", named(figure, "says").text)] == [4, 8, 16, 4]


# --- alive


@pytest.fixture(scope="module")
def page(telephone):
    return telephone(FRAGMENT)


def drawn(page) -> set[Cell]:
    return cells(page.execute_script("return document.querySelector('[data-part=shared]').getAttribute('d')"))


def click(page, name: str) -> None:
    page.find_element("xpath", f"//button[.='{name}']").click()


BUTTONS = {
    "BN": averaged("batch"),
    "GN": averaged("group", groups=4),
    "LN": averaged("layer"),
    "IN": averaged("instance"),
    "GN+, its batch half": averaged("group_plus", groups=4),
}


@pytest.mark.browser
@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_shows_what_its_layer_averages(page, name: str) -> None:
    click(page, name)
    assert drawn(page) == BUTTONS[name]
    assert str(len(BUTTONS[name])) in page.find_element("css selector", "output").text


@pytest.mark.browser
def test_the_group_count_is_dragged_by_keyboard(page) -> None:
    from selenium.webdriver.common.keys import Keys

    slider = page.find_element("id", "norms-explorer-g")
    for key, groups in ((Keys.HOME, 1), (Keys.ARROW_RIGHT, 2), (Keys.ARROW_RIGHT, 4), (Keys.END, 8)):
        slider.send_keys(key)
        assert drawn(page) == averaged("group", groups=groups)
        assert slider.get_attribute("aria-valuetext") == f"{groups} groups"


@pytest.mark.browser
def test_a_batch_of_one_has_no_batch_half(page) -> None:
    from selenium.webdriver.common.keys import Keys

    note = page.find_element("css selector", ".explorer-note")
    click(page, "GN+, its batch half")
    assert not note.is_displayed()
    page.find_element("id", "norms-explorer-n").send_keys(Keys.HOME)
    assert note.is_displayed()
    click(page, "GN")
    assert not note.is_displayed()
    page.find_element("id", "norms-explorer-n").send_keys(Keys.END)


@pytest.mark.browser
def test_it_fits_a_telephone_and_says_nothing_to_the_console(page) -> None:
    assert page.execute_script("return document.documentElement.scrollWidth") <= TELEPHONE
    assert page.get_log("browser") == []
