"""The explorer that is dragged through training: small, alone, and drawn alike with scripts and without."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from anatomy.figures import explorer

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = (ROOT / "book" / "explorers" / "scores.html").read_text()
SCRIPT = TEMPLATE.split("<script>")[1]
STEPS = [0, 10, 20, 30, 40]
NOTED = [0, 20, 40]  # histograms are rarer


def histograms() -> pd.DataFrame:
    """Two arms, four bins, shares that differ in every bin, step and arm; one bar too tall for the picture."""
    rows = []
    for a, arm in enumerate(("plain", "mixed")):
        for s, step in enumerate(NOTED):
            for b, score in enumerate((-0.75, -0.25, 0.25, 0.75)):
                share = 0.01 + 0.02 * b + 0.03 * s + 0.1 * a
                false = 0.8 if (a, s, b) == (0, 2, 3) else share / 3
                rows.append((arm, float(step), score, share, share / 2, false))
    return pd.DataFrame(rows, columns=["arm", "step", "score", "positive", "negative", "raw_false"])


def curves() -> pd.DataFrame:
    rows = [
        (arm, float(step), 0.9 - step / 100 - 0.2 * a, step / 200)
        for a, arm in enumerate(("plain", "mixed"))
        for step in STEPS
    ]
    return pd.DataFrame(rows, columns=["arm", "step", "positive", "negative"])


MARKUP = explorer.scores(histograms(), curves()).markup
DATA = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', MARKUP, re.DOTALL)[1])


@pytest.fixture(scope="module")
def figure() -> ElementTree.Element:
    text = re.sub(r"<!--.*?-->", "", MARKUP, flags=re.DOTALL)
    return ElementTree.fromstring(text[: text.index("</figure>") + len("</figure>")])


def named(figure: ElementTree.Element, part: str) -> ElementTree.Element:
    (found,) = figure.findall(f".//*[@data-part='{part}']")
    return found


# --- what it is made of


def test_a_histogram_between_two_steps_of_the_curves_has_the_means_of_the_window_it_lies_in():
    """The curves of long runs are means over windows."""
    rarer = curves()[lambda table: table["step"].isin([0, 30])]
    frames = explorer.recorded(histograms(), rarer)["arms"]["plain"]["frames"]
    assert [(frame["step"], frame["at"]) for frame in frames] == [(0, 0), (20, 0), (40, 1)]
    assert (
        "plain, step 40: mean score of positives 0.60, of negatives 0.15" in explorer.scores(histograms(), rarer).markup
    )


def test_the_script_is_small_and_nothing_points_outside() -> None:
    assert len(SCRIPT.encode()) < 20_000
    assert "//" not in MARKUP
    assert not re.search(r"\b(src|href|url|import|fetch|xlink)\b\s*[=(:]", MARKUP)


def test_no_word_is_left_unfilled(figure) -> None:
    before_script = MARKUP[MARKUP.index("<figure") : MARKUP.index("</figure>")]
    assert not re.search(r"\{[\w-]+\}", before_script)


def test_names_labels_and_words(figure) -> None:
    names = [each.get("id") for each in figure.iter() if each.get("id")]
    assert len(set(names)) == len(names)
    assert all(name.startswith("scores-explorer") for name in names)
    assert {label.get("for") for label in figure.iter("label")} == {each.get("id") for each in figure.iter("input")}
    picture = figure.find("svg")
    said = [figure.find(f".//*[@id='{name}']") for name in picture.get("aria-labelledby").split()]
    assert all(len(each.text.strip()) > 20 for each in said)


def test_controls_wait_for_the_script(figure) -> None:
    assert named(figure, "controls").get("hidden") is not None
    assert figure.find("noscript") is not None


# --- the picture without scripts: the last step of the first arm


def heights(path: str) -> list[float]:
    return [(150 - float(y)) / 130 for y in re.findall(r"V([\d.]+)H", path)]


def edges(path: str) -> list[float]:
    return [float(x) for x in re.findall(r"H([\d.]+)", path)]


def test_the_static_bars_are_the_shares(figure) -> None:
    last = histograms().query("arm == 'plain' and step == 40")
    for part, column in explorer.SHOWN.items():
        path = named(figure, part).get("d")
        expected = np.minimum(1, last[column] / DATA["top"])
        assert heights(path) == pytest.approx(expected, abs=1e-3)
        assert edges(path) == pytest.approx([102.5, 185, 267.5, 350])
    assert DATA["top"] == explorer.TALLEST


def test_the_static_curves_and_words(figure) -> None:
    points = re.findall(r"([\d.]+) ([\d.]+)", named(figure, "curve-positive").get("d"))
    assert [float(x) for x, _ in points] == pytest.approx([20, 102.5, 185, 267.5, 350])
    assert [(245 - float(y)) / 50 for _, y in points] == pytest.approx([0.9, 0.8, 0.7, 0.6, 0.5], abs=1e-3)
    assert named(figure, "now").get("d").startswith("M350.0 ")
    words = "plain, step 40: mean score of positives 0.50, of negatives 0.20"
    assert named(figure, "says").text == words


def test_what_a_notebook_keeps_of_it() -> None:
    """No number, so that the stored output holds on every machine."""
    assert repr(explorer.scores(histograms(), curves())) == "<Explorer of scores: run this cell to see it>"


# --- alive


@pytest.fixture
def page(telephone):
    return telephone(MARKUP)


def drawn(page) -> dict[str, str]:
    parts = "[...document.querySelectorAll('svg [data-part]')].map(p => [p.dataset.part, p.getAttribute('d')])"
    return dict(page.execute_script(f"return {parts}"))


@pytest.mark.browser
def test_it_opens_as_without_scripts_and_fits_a_telephone(page, figure) -> None:
    for part, path in drawn(page).items():
        assert path == named(figure, part).get("d"), part
    assert page.execute_script("return document.documentElement.scrollWidth") <= 375
    assert page.get_log("browser") == []


@pytest.mark.browser
def test_the_slider_moves_by_keyboard_through_training(page) -> None:
    from selenium.webdriver.common.keys import Keys

    slider = page.find_element("id", "scores-explorer-step")
    slider.send_keys(Keys.ARROW_LEFT)
    assert slider.get_attribute("aria-valuetext") == "step 20"
    assert page.find_element("css selector", "output").text.startswith("plain, step 20: mean score of positives 0.70")
    middle = histograms().query("arm == 'plain' and step == 20")
    assert heights(drawn(page)["positive"]) == pytest.approx(middle["positive"] / DATA["top"], abs=1e-3)
    slider.send_keys(Keys.HOME)
    assert drawn(page)["now"] == "M20.0 190V250"


@pytest.mark.browser
def test_a_button_chooses_another_arm(page) -> None:
    plain, mixed = page.find_elements("css selector", "button")
    assert plain.get_attribute("aria-pressed") == "true"
    mixed.click()
    assert (plain.get_attribute("aria-pressed"), mixed.get_attribute("aria-pressed")) == ("false", "true")
    last = histograms().query("arm == 'mixed' and step == 40")
    assert heights(drawn(page)["negative"]) == pytest.approx(last["negative"] / DATA["top"], abs=1e-3)
    assert page.find_element("css selector", "output").text.startswith("mixed, step 40: mean score of positives 0.30")
