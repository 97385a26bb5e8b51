"""AMCL by hand, and what its regularizer cannot hold."""

from math import log

import pytest
import torch

from anatomy.errors import InputError
from anatomy.methods.amcl import AMCL, against_hardest


def test_the_hardest_negative_is_another_image(generator: torch.Generator) -> None:
    """On the circle: anchors at 0 and 90 degrees; keys at 10, 60 and 200: for the second anchor the first is nearer."""
    angles = torch.tensor([[0.0, 90.0, 180.0], [10.0, 60.0, 200.0]]).deg2rad()
    anchor, key = (torch.stack([row.cos(), row.sin()], 1) for row in angles)
    positive, hardest, nearest = against_hardest(anchor, key)
    assert nearest.tolist() == [1, 0, 1]
    expected = torch.tensor([[10.0, 30.0, 20.0], [60.0, 80.0, 120.0]]).deg2rad().cos()
    torch.testing.assert_close(torch.stack([positive, hardest]), expected)


def test_omega_by_hand() -> None:
    """D / 2 log tau + 1 / tau at D = 4: 2 log(1/2) + 2, least at tau = 2 / D."""
    assert AMCL.omega(torch.tensor(0.5), 4).item() == pytest.approx(2 - 2 * log(2), rel=1e-6)
    near = AMCL.omega(torch.tensor([0.49, 0.5, 0.51]), 4)
    assert near.argmin() == 1


@pytest.mark.parametrize(("similarity", "falls"), [(0.9, True), (0.05, False)])
def test_a_near_positive_gains_by_a_vanishing_temperature(similarity: float, falls: bool) -> None:
    """-s / tau + beta Omega(tau) at beta = 0.1: without limit where s > beta, held where s < beta."""
    tau = torch.tensor([1e-3, 1e-4, 1e-5], dtype=torch.float64)
    loss = -similarity / tau + 0.1 * AMCL.omega(tau, 128)
    assert bool((loss.diff() < 0).all()) == falls


def test_temperatures_of_all_heads_are_watched(tools) -> None:
    method = tools.build("amcl", heads=3, smallest=0.3, largest=0.9)
    temperatures = method(tools.batch(6)).watch["temperatures"]
    assert temperatures.shape == (3, 6)
    assert not temperatures.requires_grad
    assert 0.3 <= temperatures.min() <= temperatures.max() <= 0.9


def test_bounds_that_leave_no_room_are_refused(tools) -> None:
    with pytest.raises(InputError, match=r"smallest is 3\.0, but it must be below largest, 2\.0; try 0\.02"):
        tools.build("amcl", smallest=3.0)
