"""What the page says of numbers that a lot chose and that were made again."""

import json
from pathlib import Path

from scipy.stats import t

import drawn_by_lot

MADE = {"claim": "mixing-1", "preset": "laptop", "dataset": "shapes", "runs": 6, "published": 1.5, "low": 1.0,
        "high": 2.0, "verdict": "holds", "kind": "epyc-avx2-fp32", "again": 1.75, "low_again": 1.5, "high_again": 2.0,
        "verdict_again": "undecided", "kind_again": "xeon-amx-bf16", "seconds": 1800, "within": True}  # fmt: skip


def test_each_number_stands_beside_the_published_one(tmp_path: Path) -> None:
    numbers = [MADE, MADE | {"again": 2.5, "within": False}]
    (tmp_path / "monday.json").write_text(json.dumps({"of": 5, "numbers": numbers}))
    said = drawn_by_lot.by_lot(tmp_path)
    assert "The word `monday`: 1 of the 2 that were made again lie in the interval, of 5 drawn." in said
    row = "| {ref}`mixing-1 <mixing-1>` | laptop | drawn shapes | 1.5 (1 to 2), holds | 1.75 (1.5 to 2), undecided | "
    assert row + "6 | epyc-avx2-fp32 | xeon-amx-bf16 | 0.5 |" in said.splitlines()


def test_without_a_lot_the_page_says_so(tmp_path: Path) -> None:
    assert drawn_by_lot.NONE in drawn_by_lot.by_lot(tmp_path / "none")


def test_how_often_a_second_mean_lies_in_the_first_interval() -> None:
    """Their difference has twice the variance of one."""
    said = " ".join(drawn_by_lot.INTRODUCTION.split())
    assert "91 times of 100 with 3 seeds, 88 with 5 and 85 with 12" in said
    shares = [2 * t.cdf(t.ppf(0.975, n - 1) / 2**0.5, n - 1) - 1 for n in (3, 5, 12)]
    assert [round(100 * share) for share in shares] == [91, 88, 85]
