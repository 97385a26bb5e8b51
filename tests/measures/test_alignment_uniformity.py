"""Alignment and uniformity against loops, and at the ends of their range."""

import numpy as np
import pytest

import reference
from anatomy.measures.alignment_uniformity import alignment_uniformity
from reference import array


def test_against_loops(planted) -> None:
    """Wang and Isola 2020: mean |z - z'|^2 of positives; log mean exp(-2 |z - z'|^2) over pairs of images."""
    trained = planted(3, 20)
    table = alignment_uniformity(trained)
    z_1, z_2 = (array(trained.encoder.asked[f"alignment {view}"]) for view in (1, 2))
    z_1, z_2 = (np.array([row / np.sqrt((row**2).sum()) for row in z]) for z in (z_1, z_2))
    near = [((a - b) ** 2).sum() for a, b in zip(z_1, z_2, strict=True)]
    far = [-2 * ((z_1[i] - z_1[j]) ** 2).sum() for i in range(20) for j in range(i)]
    assert table["alignment"] == [pytest.approx(np.mean(near), rel=1e-5)]
    assert table["uniformity"] == [pytest.approx(reference.log_mean_exp_of(np.array(far), 1.0), rel=1e-5)]
    assert table["unseen"] == [20]


def test_one_point_is_aligned_and_not_uniform(planted) -> None:
    trained = planted(3, 20)
    trained.encoder.projector.weight.data.zero_()
    trained.encoder.projector.bias.data.fill_(1)
    table = alignment_uniformity(trained)
    assert table["alignment"][0] == pytest.approx(0, abs=1e-9)
    assert table["uniformity"][0] == pytest.approx(0, abs=1e-6)
