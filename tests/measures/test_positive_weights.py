"""Weights of four positives against loops, and at tau = 0."""

from math import log

import numpy as np
import pytest

from anatomy.measures.positive_weights import positive_weights
from reference import array


def test_against_loops(planted) -> None:
    trained = planted(3, 20)
    table = positive_weights(trained, taus=(0.0, 2.0))
    z = [array(trained.encoder.asked[f"positive {view}"]) for view in range(5)]
    z = [np.array([row / np.sqrt((row**2).sum()) for row in rows]) for rows in z]
    entropy, farthest = [], []
    for i in range(20):
        raised = np.exp([2 * ((z[0][i] - other[i]) ** 2).sum() for other in z[1:]])
        weights = raised / raised.sum()
        entropy.append(-(weights * np.log(weights)).sum() / log(4))
        farthest.append(4 * weights.max())
    assert table["tau"] == [0.0, 2.0]
    assert table["entropy"] == [pytest.approx(1), pytest.approx(np.mean(entropy), rel=1e-5)]
    assert table["farthest"] == [pytest.approx(1), pytest.approx(np.mean(farthest), rel=1e-5)]


def test_a_higher_tau_weighs_the_farthest_more(planted) -> None:
    table = positive_weights(planted(3, 20))
    assert table["entropy"] == sorted(table["entropy"], reverse=True)
    assert table["farthest"] == sorted(table["farthest"])
