"""The pilots of the overnight preset on a page: the best first, and those alone that were one run."""

import json
from pathlib import Path

from regime_pilots import regime_pilots


def test_a_row_for_each_run(tmp_path: Path) -> None:
    runs = [
        {"name": "base", "accuracy": 49.82, "run": {"epochs": 12}},
        {"name": "simsiam", "accuracy": 56.8, "rank": 16.6, "run": {"epochs": 32}},
        {"name": "of three seeds", "seeds": [1, 2, 3], "accuracies": [1, 2, 3]},
    ]
    file = tmp_path / "pilots.json"
    file.write_text(json.dumps({"card": "one H100", "date": "2026-11-26", "runs": runs}))
    said = regime_pilots(file)
    rows = [line for line in said.splitlines() if line.startswith("| ")]
    assert rows[2:] == ["| simsiam | 32 | 56.8 | 16.6 |", "| base | 12 | 49.8 | – |"]
    assert '<a href="../regime_pilots.json" download>' in said
    assert "trained on one H100, on 2026-11-26;" in said


def test_the_committed_ones() -> None:
    assert "| simsiam stem1 e32 | 32 | 56.8 | 16.6 |" in regime_pilots()
