"""What is said of a figure's lines, by lines that are drawn by hand."""

import pandas as pd

from anatomy.analysis import lines

LINES = pd.DataFrame(
    {
        "arm": list("aaabbbccdd"),
        "at": [1.0, 0.1, 0.2, 0.1, 0.2, 1.0, 0.1, 0.2, 0.1, 0.2],
        "mean": [0.2, 0.5, 0.9, 0.1, 0.2, 0.3, 0.4, float("nan"), 0.7, 0.6],
        "low": [0.1, 0.4, 0.8, 0.0, 0.1, float("nan"), 0.3, 0.3, 0.6, 0.5],
        "high": [0.3, 0.6, 1.0, 0.2, 0.3, float("nan"), 0.5, 0.5, 0.8, 0.7],
    }
)


def test_a_hump_is_highest_between_its_ends() -> None:
    """Points come in any order, and one that was not measured counts for nothing."""
    assert lines.peaks(LINES, "at").splitlines() == [
        "- a: highest between the ends, 0.90 at 0.2.",
        "- b: highest at an end, 0.30 at 1.",
        "- c: highest at an end, 0.40 at 0.1.",
        "- d: highest at an end, 0.70 at 0.1.",
    ]


def test_a_line_ends_at_its_last_point() -> None:
    assert lines.ends(LINES.rename(columns={"at": "step"}), "step").splitlines() == [
        "- a: 0.20 (0.10 to 0.30) at step 1.",
        "- b: 0.30 (one seed) at step 1.",
        "- c: 0.40 (0.30 to 0.50) at step 0.1.",
        "- d: 0.60 (0.50 to 0.70) at step 0.2.",
    ]


def test_of_no_lines_nothing_is_said() -> None:
    assert lines.peaks(LINES[:0], "at") == lines.ends(LINES[:0], "at") == ""
