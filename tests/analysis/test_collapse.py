"""Which arms have collapsed is said by their numbers."""

import pandas as pd
import pytest

from anatomy.analysis import collapse
from anatomy.analysis.norm_tables import marks
from anatomy.analysis.score_tables import late_spread
from anatomy.arms import vector_decomposition
from anatomy.figures import center_residual
from anatomy.verdicts.criteria import Threshold


def test_by_the_smallest_spread_of_a_seed() -> None:
    table = pd.DataFrame({"arm": ["a", "a", "b", "b", "c"], "spread": [0.9, 0.2, 0.7, 0.5, 0.61]})
    said = collapse.in_words(table)
    assert said.startswith("Collapsed: a (0.20). Between the two limits: b (0.50). In brackets")
    assert "c (" not in said
    assert collapse.in_words(table[table["arm"] == "c"]).startswith("No arm has collapsed:")
    assert "Between" not in collapse.in_words(table[table["arm"] == "a"])


def test_the_limits_are_those_of_the_claims_and_of_the_figure() -> None:
    assert (collapse.GONE, collapse.KEPT) == (Threshold.spread_below, Threshold.spread_above)
    assert (collapse.GONE, collapse.KEPT) == (center_residual.GONE_SPREAD, center_residual.KEPT_SPREAD)
    assert vector_decomposition.STEPS == 200


def test_the_spread_that_late_scores_leave() -> None:
    """Mean score 0.91 of unit vectors: m_o^2 = 0.91, and 0.09 is the square of the spread."""
    curves = pd.DataFrame({"arm": "x", "key": "k", "step": range(0, 101, 10), "raw_negative": [0.0] * 9 + [0.90, 0.92]})
    (row,) = late_spread(curves).to_dict("records")
    assert row == {"arm": "x", "key": "k", "spread": pytest.approx(0.3)}
    assert list(collapse.spread_of_scores(pd.Series([-0.1, 1.1]))) == [1.0, 0.0]


def test_a_mark_only_above_one_half() -> None:
    told = pd.DataFrame(
        {"arm": ["a", "b", "c"], "mean": [0.6, 0.4, 0.5], "low": [0.55, 0.3, 0.4], "high": [0.65, 0.45, 0.6]}
    )
    alone = pd.DataFrame({"arm": ["d"], "mean": [0.7], "low": [float("nan")], "high": [float("nan")]})
    assert marks(alone) == "- d: 0.70 (one seed), undecided."
    above, below, neither = marks(told).splitlines()
    assert above == "- a: 0.600 (0.550 to 0.650), a mark."
    assert below.startswith("- b: 0.400 (0.300 to 0.450), below one half: the batch leaves a trace, but its own keys")
    assert neither == "- c: 0.500 (0.400 to 0.600), not told from one half."
