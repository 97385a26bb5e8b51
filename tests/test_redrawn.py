"""A figure is followed to its runs, and drawn again from their records it is the same files."""

from pathlib import Path

import pandas as pd
import pytest

from anatomy.cli import main
from anatomy.pages.chapter_figures import find
from anatomy.pages.redrawn import redrawn
from follow import follow, wrong

TABLE = pd.DataFrame({"arm": ["one", "other"], "mean": [1.0, 2.0], "keys": ["a b", "c"]})


def figure(*means: float) -> dict[str, dict[str, pd.DataFrame]]:
    return {"fig": {"table": TABLE.assign(mean=means)}}


def test_a_row_that_changes_without_its_runs_is_seen_and_a_figure_that_does_not_change_with_them() -> None:
    before = figure(1.0, 2.0)
    assert wrong(before, figure(1.5, 2.0), {"a"}) == []
    assert wrong(before, figure(1.5, 2.5), {"a"}) == ["fig: a row changed without its runs"]
    assert wrong(before, figure(1.0, 2.0), {"c"}) == ["fig: it stays the same without its runs"]
    assert wrong(before, {}, {"c"})[0] == "fig was not drawn again"


@pytest.mark.slow
@pytest.mark.parametrize("chapter", ["score_visualization", "loss_family"])
def test_every_row_that_is_drawn_names_its_runs_and_no_others(chapter: str) -> None:
    assert follow(chapter) == []


@pytest.mark.slow
def test_the_command_draws_what_a_page_shows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twice the same files; its numbers name runs, and the words say how many."""
    asked = ["figure", "fig-family-map", "--svg", str(tmp_path / "a.svg"), "--csv", str(tmp_path / "a.csv")]
    assert main(asked) == 0
    said = capsys.readouterr().out
    (drawing,) = redrawn("loss_family", only=find("fig-family-map"))
    assert (tmp_path / "a.svg").read_bytes() == drawing.files[".svg"]
    assert {*pd.read_csv(tmp_path / "a.csv")["keys"].str.split().sum()} == {*drawing.keys}
    assert f"{len(drawing.keys)} runs, trained in" in said
    assert drawing.alt in said


def test_an_unknown_figure_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figure", "9.9", "--svg", str(tmp_path / "a.svg")]) == 2
    assert "there is no figure '9.9'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
