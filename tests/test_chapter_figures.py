"""The figures of the book by number and by name, as the notebooks have them."""

import re

import pytest

from anatomy.chapters import CHAPTERS
from anatomy.errors import InputError
from anatomy.pages.chapter_figures import cells, find, listed

ALL = [figure for chapter in CHAPTERS for figure in listed(chapter)]


def test_a_number_is_the_chapter_and_the_place_in_it_explorers_too() -> None:
    for place, chapter in enumerate(CHAPTERS, start=1):
        figures = listed(chapter)
        assert [figure.number for figure in figures] == [f"{place}.{n}" for n in range(1, len(figures) + 1)]
        order = [cell["id"] for cell in cells(chapter)]
        assert sorted(order, key=order.index) == order
        assert [figure.cell for figure in figures] == [id for id in order if id in {f.cell for f in figures}]
    explorers = {figure.name for figure in ALL if not figure.drawn}
    names = ("hardness", "center", "scores", "norms", "family", "attack")
    assert explorers == {f"{name}-explorer" for name in names}
    assert len({figure.name for figure in ALL}) == len(ALL)


def test_a_text_that_names_a_figure_names_one_of_its_own_chapter() -> None:
    """Each chapter's exercise names one, and its commands draw that one."""
    for chapter in CHAPTERS:
        texts = ["".join(cell["source"]) for cell in cells(chapter) if cell["cell_type"] == "markdown"]
        named = re.findall(r"(?:Figure|anatomy figure) (\d+\.\d+)", "\n".join(texts))
        assert len(named) >= 2
        assert {find(number).chapter for number in named} == {chapter}
        (exercise,) = [text for text in texts if text.startswith("## An exercise")]
        asked, drawn = (re.findall(rf"{words} (\d+\.\d+)", exercise) for words in ("Figure", "anatomy figure"))
        assert len(asked) == 1
        assert set(asked) == set(drawn)
        assert f"anatomy study {chapter} --preset laptop" in exercise


def test_a_figure_is_found_by_its_number_and_by_its_name() -> None:
    for figure in ALL:
        if figure.drawn:
            assert find(figure.number) == find(figure.name) == find(figure.name.removeprefix("fig-")) == figure


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("1.88", "did you mean 1.8?"),
        ("fig-way", "did you mean ways?"),
        ("zzzzzz", "known: 1.1, 1.2"),
        ("1.4", "no figure"),
    ],
)
def test_an_unknown_figure_is_answered_with_the_nearest(asked: str, said: str) -> None:
    """An explorer is drawn where it is read, and has no file."""
    with pytest.raises(InputError, match=f"there is no figure '{asked}'") as raised:
        find(asked)
    assert said in str(raised.value)
