"""Differences seed by seed, by pencil."""

import pandas as pd
import pytest
from scipy.stats import t

from anatomy.analysis.paired import differences, means, paired


def arm(**accuracy: float) -> pd.DataFrame:
    """Seeds named s0, s1, ..."""
    return pd.DataFrame({"seed": [int(name[1:]) for name in accuracy], "accuracy": list(accuracy.values())})


A, B, NONE = arm(s0=10, s1=20, s2=30), arm(s2=27, s0=9, s1=18), arm()


def test_pairs_are_of_the_same_seed_whatever_the_order() -> None:
    assert paired({"a - b": (A, B)}).set_index("seed")["difference"].to_dict() == {0: 1, 1: 2, 2: 3}


def test_mean_and_interval() -> None:
    """Differences 1, 2, 3: mean 2, sd 1, half-width t(0.975, 2) / sqrt 3."""
    (row,) = differences({"a - b": (A, B)}).to_dict("records")
    half = t.ppf(0.975, 2) / 3**0.5
    assert (row["mean"], row["low"], row["high"], row["n"]) == pytest.approx((2, 2 - half, 2 + half, 3))


def test_only_seeds_that_both_have_count_and_what_was_not_run_is_left_out() -> None:
    found = differences({"z": (A, arm(s1=19, s2=28, s7=0)), "not run": (A, NONE), "a": (B, A)})
    assert found["comparison"].tolist() == ["z", "a"]  # in the order given
    assert found["mean"].tolist() == [1.5, -2]
    assert found["n"].tolist() == [2, 3]


def test_a_seed_from_two_kinds_of_processor_is_no_pair() -> None:
    a, b = A.assign(made_on=["xeon", "xeon", "h100"]), B.assign(made_on=["h100", "xeon", "h100"])  # seeds 2, 0, 1
    assert paired({"a - b": (a, b)}).set_index("seed")["difference"].to_dict() == {0: 1, 2: 3}
    assert differences({"a - b": (a, b[b["seed"] == 1])}).empty


def test_nothing_run_is_an_empty_table() -> None:
    assert len(differences({"x": (NONE, NONE)})) == 0


def test_means_of_arms_in_the_order_given() -> None:
    found = means({"z": B, "not run": NONE, "a": A})
    assert found["arm"].tolist() == ["z", "a"]
    assert found["mean"].tolist() == [18, 20]
