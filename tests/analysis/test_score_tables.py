"""From recorded scores to drawn ones, on tables that a pencil can check."""

import pandas as pd
import pytest

from anatomy.analysis.score_tables import (
    KINDS,
    before_and_after,
    multiplied_distance,
    of_runs,
    shares,
    three_moments,
)


def test_rows_of_some_runs_each_once_in_the_order_given() -> None:
    recorded = pd.DataFrame({"key": ["a", "a", "b", "a"], "step": [0, 10, 0, 0], "positive": [1, 2, 3, 1]})
    recorded["stage"] = ["paper", "paper", "paper", "best"]  # a run of two stages stands twice
    found = of_runs(recorded, {"second": pd.DataFrame({"key": ["b"]}), "first": pd.DataFrame({"key": ["a"]})})
    assert found[["arm", "step", "positive"]].to_numpy().tolist() == [
        ["second", 0, 3],
        ["first", 0, 1],
        ["first", 10, 2],
    ]


def test_shares_are_of_each_kind_and_mean_over_seeds() -> None:
    """Seed 0 has 1 and 3 of four, seed 1 has 10 and 10 of twenty: shares 0.375 and 0.625; none counted is none."""
    counts = {"positive": [1.0, 3.0, 10.0, 10.0], **{kind: [0.0] * 4 for kind in KINDS if kind != "positive"}}
    table = pd.DataFrame({"arm": "x", "key": list("aabb"), "step": 5, "score": [-0.5, 0.5] * 2, **counts})
    found = shares(table)
    assert found["positive"].tolist() == [0.375, 0.625]
    assert found["score"].tolist() == [-0.5, 0.5]
    assert (found["raw_true"] == 0).all()


@pytest.mark.parametrize(("steps", "kept"), [(range(0, 50, 10), [0, 20, 40]), ([0, 10], [0, 10]), ([3], [3])])
def test_first_middle_and_last(steps, kept) -> None:
    assert sorted(three_moments(pd.DataFrame({"step": steps}))["step"]) == kept


def test_two_columns_become_lines() -> None:
    recorded = pd.DataFrame({"key": ["a"], "seed": [0], "arm": ["x"], "step": [0], "positive": [0.7], "raw": [0.9]})
    found = before_and_after(recorded, {"mixed": "positive", "unmixed": "raw"})
    assert found[["line", "value"]].to_numpy().tolist() == [["mixed", 0.7], ["unmixed", 0.9]]


def test_the_distance_by_hand() -> None:
    """s = 0.8. lambda 1: unchanged. lambda 2: c = 5, 1 - 5 x 0.2 = 0. lambda 1/2: c = 1/2, q^ = k^: 0.9, and 1."""
    found = multiplied_distance([1.0, 2.0, 0.5], 0.8)
    assert found["c"].tolist() == pytest.approx([1, 5, 0.5])
    assert found["raw"].tolist() == pytest.approx([0.8, 0, 0.9])
    assert found["renormalized"].tolist() == pytest.approx([0.8, 0, 1])
