"""What one matrix an image does to accuracy: the pairs of a file in a sentence."""

import json
from pathlib import Path

from matrix_views import matrix_views

FOUND = {
    "date": "2026-11-27",
    "run": {"epochs": 8},
    "seeds": [2000, 2001, 2002],
    "accuracy": {"standard": [50.0, 52.0, 54.0], "matrix": [49.0, 51.5, 52.5]},
    "cpu": ["AMD EPYC"],
    "precision": ["bf16"],
}


def test_a_mean_of_pairs_with_its_interval(tmp_path: Path) -> None:
    (file := tmp_path / "matrix_views.json").write_text(json.dumps(FOUND))
    said = matrix_views(file)
    # differences -1, -0.5, -1.5: mean -1, sd 0.5, and t of 2 degrees of freedom is 4.303
    assert "is −1 points (95 % interval −2.24 to 0.242): 51.0 % and\n52.0 %" in said
    assert "8 passes and 3 pairs" in said
    assert "Measured on AMD EPYC, bf16, on 2026-11-27." in said
    assert '<a href="../matrix_views.json" download>' in said


def test_nothing_where_nothing_was_measured(tmp_path: Path) -> None:
    assert matrix_views(tmp_path / "matrix_views.json") == ""
