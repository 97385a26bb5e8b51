"""The speedrun page: what the file of a processor says, and no more."""

import json
from pathlib import Path
from typing import Any

import pytest

import speedrun_page

POINTS = [{"epoch": 5, "cpu_seconds": 60.0, "accuracy": 50.0}, {"epoch": 10, "cpu_seconds": 120.0, "accuracy": 55.0}]
COMMON = {"seed": 10, "images": "held_out", "commit": "0123456789ab+"}
ONE = {"recipe": "stem", **COMMON, "sizes": [[12, 4], [16, 6]], "points": POINTS,
       "change": {"stem_stride": 1, "temperature": None}}  # fmt: skip
BASE = {"method": "simco", "learning_rate": 0.12, "transform": "", "images": None, "oracle": False}
PIXELS = {"recipe": "pixels", **COMMON, "sizes": [[32, 0]], "change": {"backbone": "pixels"},
          "points": [{"epoch": 0, "cpu_seconds": 0.0, "accuracy": 41.0}]}  # fmt: skip
LIGHTLY = {"recipe": "lightly", **COMMON, "points": [POINTS[0] | {"accuracy": 38.0, "epoch": 0.5}]}


def ended(accuracy: float, seed: int) -> dict[str, Any]:
    end = POINTS[1] | {"accuracy": accuracy, "cpu_seconds": 120.0 if seed == 10 else 240.0}
    return ONE | {"seed": seed, "points": [POINTS[0], end]}


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(speedrun_page, "RESULTS", tmp_path)
    answers = [PIXELS, ended(54.0, 10), ended(56.0, 11), LIGHTLY]
    (tmp_path / "epyc.json").write_text(
        json.dumps({"kind": "epyc", "cpu": "AMD EPYC", "base": BASE, "answers": answers})
    )
    return tmp_path


def test_a_row_has_the_mean_its_interval_and_what_the_recipe_changes(results: Path) -> None:
    rows = [line for line in speedrun_page.speedrun_page().splitlines() if line.startswith("| ")]
    # Student's t with one degree of freedom, 12.706, times sqrt(2) / sqrt(2); 10 passes of 45,000 images in 180 s.
    minutes = "3.0 (2.0 to 4.0)"
    assert (
        rows[2]
        == f"| stem | stem stride 1 | 12 × 4, 16 × 6 | **55.0** (42.3 to 67.7) | 2 | {minutes} | 2,500 | 0123456 |"
    )
    assert rows[3] == "| pixels | backbone pixels | – | **41.0** | 1 | 0.0 | – | 0123456 |"
    assert rows[4] == "| lightly | – | 0.5 | **38.0** | 1 | 1.0 | 375 | 0123456 |"


def test_a_recipe_that_was_lengthened_has_two_rows_and_two_lines(results: Path) -> None:
    file = results / "epyc.json"
    found = json.loads(file.read_text())
    longer = ended(58.0, 12) | {"sizes": [[12, 4], [16, 9]]}
    file.write_text(json.dumps(found | {"answers": [*found["answers"], longer]}))
    rows = [line.split(" | ") for line in speedrun_page.speedrun_page().splitlines() if line.startswith("| ")]
    assert [(row[0], row[2], row[3]) for row in rows[2:4]] == [
        ("| stem, 13 passes", "12 × 4, 16 × 9", "**58.0**"),
        ("| stem, 10 passes", "12 × 4, 16 × 6", "**55.0** (42.3 to 67.7)"),
    ]
    wide = speedrun_page.pictures()["figures/speedrun/epyc-held-out.svg"].decode()
    assert all(f"<!-- stem, {passes} passes -->" in wide for passes in (10, 13))


def test_the_page_says_what_recipes_have_in_common(results: Path) -> None:
    assert f"{speedrun_page.COMMON}method simco, learning rate 0.12.\n" in speedrun_page.speedrun_page()


def test_test_images_and_held_out_ones_are_kept_apart(results: Path) -> None:
    page = speedrun_page.speedrun_page()
    assert "held-out training images:" in page
    assert "test images:" not in page
    assert {*speedrun_page.pictures()} == {
        "figures/speedrun/epyc-held-out.svg",
        "figures/speedrun/epyc-held-out-phone.svg",
    }


def test_the_figure_has_a_line_a_recipe_and_the_floor(results: Path) -> None:
    wide = speedrun_page.pictures()["figures/speedrun/epyc-held-out.svg"].decode()
    assert all(f"<!-- {name} -->" in wide for name in ("stem", "lightly", "raw pixels"))
    assert "<!-- pixels -->" not in wide


def test_without_a_file_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speedrun_page, "RESULTS", tmp_path / "none")
    assert speedrun_page.NONE in speedrun_page.speedrun_page()
