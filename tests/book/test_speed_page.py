"""The speed page and the README's table: what the files say, and no more."""

import json
import re
from pathlib import Path

import pytest

import speed_aims
import speed_files
import speed_page

ROW = {
    "what": "a step",
    "unit": "images / s",
    "ours": 421.04,
    "lightly": 1362,
    "ratio": 2.854,
    "low": 2.8,
    "high": 2.9,
    "rounds": 4,
}
OF_LOSS = ROW | {"what": "a loss", "unit": "s", "ours": 0.2, "lightly": 0.7, "share": 0.82, "ours_mb": 14.2,
                 "lightly_mb": 227.0}  # fmt: skip
CURVE = {"what": "a cost", "x": "keys", "y": "MB", "points": [[10, 1.0], [1000, 90.0]], "slope": 0.98}
HOW = {"wall_seconds": 9, "load": [0.5, 0.2], "matmul_gflops": 88.6}
FILE = {
    "kind": "epyc-avx2", "cpu": "AMD EPYC", "torch": "2.15.0", "lightly": "1.6.0", "precision": "fp32",
    "date": "2026-11-26", "parts": {"loss": HOW}, "beside": [ROW], "loss": [OF_LOSS], "loss_curves": [CURVE],
    "evaluation": [{"what": "kNN", "cpu_seconds": 6.54, "peak_mb": 240.4, "aim": "5 s of two cores"}],
    "commands": [{"what": "anatomy claims", "cpu_seconds": 3.456, "aim": 2.0, "counts": {}}],
    "chapter_costs": [{"chapter": "normalization", "preset": "laptop", "runs": 42, "cpu_minutes": 9.14}],
}  # fmt: skip


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(speed_files, "RESULTS", tmp_path)
    (tmp_path / "epyc-avx2.json").write_text(json.dumps(FILE))
    return tmp_path


def test_each_number_of_a_file_stands_in_its_table(results: Path) -> None:
    page = speed_page.speed_page()
    assert "| a step | 421 images / s | 1,362 images / s | 2.85 (2.8 to 2.9; 4) | – | – | – |" in page
    assert "| a loss | 200 ms | 700 ms | 2.85 (2.8 to 2.9; 4) | – | 82 % | 14 / 227 |" in page
    assert "| kNN | 6.54 | 240 | 5 s of two cores |" in page
    assert "| anatomy claims | 3.46 | 2 s |" in page
    assert "loss: load of a core 0.2 to 0.5, matrix products at 89 GFLOP/s; these" in page
    assert "these parts took 0.1 minutes (aim: 15 for all)." in page
    assert "| epyc-avx2 | a cost | 10 to 1,000 keys | 90 MB | 0.98 |" in page


def test_an_aim_stands_beside_its_ratio(results: Path) -> None:
    step = ROW | {"what": "step of a ResNet-18, width 16, batch 256"}
    (results / "epyc-avx2.json").write_text(json.dumps(FILE | {"beside": [step]}))
    assert "| 2.85 (2.8 to 2.9; 4) | 1.9 | – | – |" in speed_page.speed_page()
    assert [speed_aims.aim(step["what"], kind) for kind in ("xeon-amx", "epyc-avx512", "apple-neon")] == [
        "4",
        "2.7",
        "–",
    ]
    assert speed_aims.aim("two SimCLR views of a 32 x 32 image", "apple-neon") == "15"


def test_a_part_that_was_not_measured_is_left_out(results: Path) -> None:
    (results / "epyc-avx2.json").write_text(json.dumps({k: FILE[k] for k in list(FILE)[:8]}))
    page = speed_page.speed_page()
    assert "## AMD EPYC" in page
    assert "| kNN |" not in page
    assert "slope" not in page
    assert speed_page.picture() == {}


def test_a_chapter_has_a_column_for_each_processor_that_timed_it(results: Path) -> None:
    more = FILE["chapter_costs"] + [{"chapter": "robustness", "preset": "overnight", "runs": 3, "cpu_minutes": 1234.5}]
    (results / "xeon.json").write_text(json.dumps(FILE | {"kind": "xeon-amx", "chapter_costs": more}))
    (results / "other.json").write_text(json.dumps({k: FILE[k] for k in FILE if k != "chapter_costs"}))
    page = speed_page.speed_page()
    assert "| chapter | preset | epyc-avx2 | xeon-amx |" in page
    assert "| normalization | laptop | 9.1 (42 runs) | 9.1 (42 runs) |" in page
    assert "| robustness | overnight | – | 1,234.5 (3 runs) |" in page


def test_the_figure_is_drawn_for_a_wide_and_for_a_narrow_screen(results: Path) -> None:
    wide, narrow = (re.search(rb'width="([\d.]+)pt"', file) for file in speed_page.picture().values())
    assert wide
    assert narrow
    assert float(narrow[1]) < 250 < float(wide[1])
    assert "```{drawn-figure} figures/speed/speed\n" in speed_page.speed_page()


def test_a_table_is_followed_by_the_file_with_its_numbers_and_their_commit(results: Path) -> None:
    page = speed_page.speed_page()
    assert page.count('Each number is from <a href="../speed/epyc-avx2.json" download>epyc-avx2.json</a>.') == 3
    (results / "epyc-avx2.json").write_text(json.dumps(FILE | {"commit": "0123456789ab+"}))
    assert "epyc-avx2.json</a>, measured at commit `0123456789ab+`.\n:::" in speed_page.speed_page()


def test_every_processor_has_its_lines_in_the_readme(results: Path) -> None:
    (results / "xeon.json").write_text(json.dumps(FILE | {"cpu": "Xeon"}))
    table = speed_page.readme_table().splitlines()
    assert [line.split(" | ")[0].strip("| ") for line in table[2:]] == ["AMD EPYC"] * 2 + ["Xeon"] * 2


def test_the_readme_has_the_table_as_it_is_drawn_now() -> None:
    text = (speed_page.ROOT / "README.md").read_text("utf-8")
    assert speed_page.with_table(text) == text, "`.venv/bin/python book/speed_page.py` draws it"


def test_a_readme_without_its_marks_is_not_written() -> None:
    with pytest.raises(ValueError, match="lacks one of the marks"):
        speed_page.with_table("nothing")
