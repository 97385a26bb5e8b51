"""What every committed explorer keeps: it is small, stands alone, and has its words and labels without a script."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from anatomy.errors import InputError
from anatomy.figures import explorer

FOLDER = Path(__file__).resolve().parents[2] / "book" / "explorers"
INPUTS = {
    "attack": 2,
    "center": 1,
    "collapse": 1,
    "family": 3,
    "hardness": 2,
    "norms": 2,
}  # how many each has; scores.html is filled in first


@pytest.fixture(params=INPUTS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def fragment(name: str) -> str:
    return (FOLDER / f"{name}.html").read_text(encoding="utf-8")


@pytest.fixture
def figure(fragment: str) -> ElementTree.Element:
    markup, _ = fragment.split("<script>")
    return ElementTree.fromstring(markup)  # an error here: a tag that is not closed


def test_a_row_for_each_explorer() -> None:
    assert {path.stem for path in FOLDER.glob("*.html")} == INPUTS.keys() | {"scores"}


def test_the_script_is_small(fragment: str) -> None:
    _, script = fragment.split("<script>")
    assert len(script.encode()) < 20_000


def test_nothing_points_outside(fragment: str) -> None:
    assert "//" not in re.sub(r"// .*", "", fragment)  # no address with a host; comments may stand
    assert not re.search(r"\b(src|href|url|import|fetch|xlink)\b\s*[=(:]", fragment)


def test_names_are_its_own(name: str, figure: ElementTree.Element) -> None:
    names = [each.get("id", "") for each in figure.iter() if each.get("id")]
    assert len(set(names)) == len(names)
    assert all(each.startswith(f"{name}-explorer") for each in names)


def test_every_input_has_a_label(name: str, figure: ElementTree.Element) -> None:
    inputs = {each.get("id") for each in figure.iter("input")}
    assert len(inputs) == INPUTS[name]
    assert {label.get("for") for label in figure.iter("label")} == inputs


def test_the_picture_has_words(figure: ElementTree.Element) -> None:
    pictures = list(figure.iter("svg"))
    assert pictures
    said = [figure.find(f".//*[@id='{name}']") for each in pictures for name in each.get("aria-labelledby").split()]
    assert all(len(each.text.strip()) > 20 for each in said)


def test_controls_wait_for_the_script(figure: ElementTree.Element) -> None:
    (controls,) = figure.findall(".//*[@data-part='controls']")
    assert controls.get("hidden") is not None
    assert figure.find("noscript") is not None


@pytest.mark.parametrize("name", sorted(INPUTS.keys() - {"collapse"}))
def test_a_notebook_shows_it_as_a_cells_output(name: str) -> None:
    """JupyterLab runs its script, and a view that takes no HTML says its name."""
    assert explorer.committed(name)._repr_html_() == (FOLDER / f"{name}.html").read_text(encoding="utf-8")
    assert repr(explorer.committed(name)) == f"<Explorer of {name}: run this cell to see it>"
    notebooks = [path.read_text("utf-8") for path in (FOLDER.parents[1] / "notebooks").glob("*.ipynb")]
    assert sum(f'explorer.committed(\\"{name}\\")' in text for text in notebooks) == 1
    assert not [text for text in notebooks if "{raw}" in text]


def test_an_unknown_explorer_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="there is no explorer 'hard'; did you mean hardness"):
        explorer.committed("hard")
