"""The path on the plane of alignment and uniformity, against loops and by hand."""

import numpy as np
import pytest
import torch

import reference
from anatomy.recorders.on_sphere import OnSphere
from anatomy.step import Method, StepOutput
from reference import array


def recorded(z_1: torch.Tensor, z_2: torch.Tensor) -> dict[str, list[float]]:
    recorder = OnSphere()
    recorder.after_backward(10, StepOutput(torch.tensor(0.0), {"z_1": z_1, "z_2": z_2}), Method())
    recorder.rows.fetch()
    return recorder.rows.table()


def test_against_loops(watch: dict) -> None:
    table = recorded(watch["z_1"], watch["z_2"])
    z_1, z_2 = array(watch["z_1"]), array(watch["z_2"])
    far = [-2 * ((z_1[i] - z_1[j]) ** 2).sum() for i in range(len(z_1)) for j in range(i)]
    assert table["step"] == [10.0]
    assert table["alignment"] == [pytest.approx(np.mean([((a - b) ** 2).sum() for a, b in zip(z_1, z_2, strict=True)]))]
    assert table["uniformity"] == [pytest.approx(reference.log_mean_exp_of(np.array(far), 1.0), rel=1e-9)]


def test_opposite_points_by_hand() -> None:
    """Two images at opposite points, seen alike: |z - z'|^2 = 4, so uniformity is -8 and alignment 0."""
    z = torch.tensor([[1.0, 0.0], [-1.0, 0.0]])
    table = recorded(z, z)
    assert table["alignment"] == [0.0]
    assert table["uniformity"] == [pytest.approx(-8.0)]
