"""The reference: nothing of the package is missing there, and what it says is what the package does."""

import re
from pathlib import Path

import pytest

import reference_pages
from anatomy.chapters import CHAPTERS
from anatomy.cli import COMMANDS
from anatomy.errors import InputError
from anatomy.quantities import Count, Portion, Temperature
from anatomy.runs import parts
from anatomy.study.parameters import COMMON, grid_options
from anatomy.study.study import Study
from markup import linked
from values import values

ROOT = Path(__file__).resolve().parents[2]
EVERY = [(kind, name) for kind in parts.PLACES for name in parts.names(kind)]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference_pages.reference_pages()


def entry(page: str, label: str) -> str:
    """From a label to the next one."""
    return page.split(f"({label})=", 1)[1].split("\n(part-", 1)[0]


def test_every_kind_and_every_part_stands_there_once(pages: dict[str, str]) -> None:
    assert reference_pages.KINDS.keys() == parts.PLACES.keys()
    labels = re.findall(r"^\((part-.*)\)=$", pages["parts.md"], re.MULTILINE)
    assert sorted(labels) == sorted(reference_pages.label(kind, name) for kind, name in EVERY)


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_a_part_has_its_options_its_source_and_its_tests(kind: str, name: str, pages: dict[str, str]) -> None:
    said = entry(pages["parts.md"], reference_pages.label(kind, name))
    for option in parts.signature(kind, name).values():
        assert f"| `{option.name}` |" in said, option
    named = re.findall(r"`((?:src|tests)/[\w/]+\.py)`", said.rpartition("Source: ")[2])
    assert len(named) >= 2
    assert all((ROOT / file).is_file() for file in named), named
    assert len(said.split("```", 2)[2]) > 150, "a docstring"


def test_an_oracle_is_named_where_there_is_one(pages: dict[str, str]) -> None:
    assert "the oracle `info_nce` of `tests/reference.py`" in entry(pages["parts.md"], "part-loss-info_nce")
    assert "the oracle" not in entry(pages["parts.md"], "part-recorder-scores")


def test_shapes_and_defaults_are_those_of_the_source(pages: dict[str, str]) -> None:
    said = entry(pages["parts.md"], "part-loss-decoupled_weighted")
    assert "    positive: Float[Tensor, ' N'],\n    negatives: Negatives,\n    *," in said
    assert "| `sigma` | number, above 0 | `0.5` |" in said
    assert "[arXiv:2110.06848](https://arxiv.org/abs/2110.06848)" in said


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_its_own_help(name: str, pages: dict[str, str]) -> None:
    said = entry(pages["commands.md"], f"command-{name}")
    assert f"usage: anatomy {name}" in said
    assert COMMANDS[name] in said


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_parameter_has_its_values_and_its_meaning(chapter: str, pages: dict[str, str]) -> None:
    own = pages["commands.md"].split(f"### Of {{doc}}`{chapter}`")[-1]
    for name in (*COMMON, *grid_options(chapter)):
        said = pages["commands.md"] if name in COMMON else own
        assert re.search(rf"^\| `{name}` \| .+ \| .+ \| .+ \|$", said, re.MULTILINE), name


@pytest.mark.parametrize(
    ("type_", "words"),
    [(Count, "integer, 1 or more"), (Portion, "number, 0 or more, below 1"), (Temperature, "number, above 0"),
     (bool, "yes or no"), (Count | None, "integer, 1 or more; or none"), (tuple[float, ...], "several: number")],
)  # fmt: skip
def test_values_in_words(type_: object, words: str) -> None:
    assert values(type_) == words


def test_a_chapter_links_to_the_parts_of_its_runs(pages: dict[str, str]) -> None:
    said = reference_pages.parts_of(Study("normalization", preset="smoke"))
    linked = re.findall(r"\]\((part-[\w-]+)\)", said)
    assert {"part-method-supervised", "part-norm-group", "part-measure-accuracy"} <= {*linked}
    assert all(f"({label})=" in pages["parts.md"] for label in linked)


def test_words_that_markup_would_change_are_shown_as_they_stand() -> None:
    assert linked("a_b * |c|, `x_y` and <d>") == r"a\_b \* \|c\|, `x_y` and \<d\>"
    with pytest.raises(InputError, match="unknown loss"):
        parts.find("loss", "none of ours")
