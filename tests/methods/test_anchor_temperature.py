"""A temperature for each anchor, between its bounds."""

import pytest
import torch

from anatomy.errors import InputError
from reference import assert_close


def test_a_gauge_of_a_half_is_the_geometric_middle(tools) -> None:
    method = tools.build("anchor_temperature", smallest=0.05, largest=0.8)
    for weight in method.gauge.parameters():
        torch.nn.init.zeros_(weight)
    output = method(tools.batch(6))
    assert_close(output.watch["temperatures"], torch.full((1, 6), 0.2, dtype=torch.float64))
    assert output.loss.item() == pytest.approx(tools.build("simco")(tools.batch(6)).loss.item(), rel=1e-10)


def test_each_anchor_has_its_own_and_none_leaves_the_bounds(tools) -> None:
    method = tools.build("anchor_temperature", smallest=0.05, largest=0.8)
    with torch.no_grad():
        method.gauge.layers[2].weight.mul_(5)
    (temperatures,) = method(tools.batch(6)).watch["temperatures"]
    assert len(set(temperatures.tolist())) == 6
    assert temperatures.min() >= 0.05
    assert temperatures.max() <= 0.8


def test_the_network_learns_by_its_temperature_too(tools) -> None:
    method = tools.build("anchor_temperature")
    method(tools.batch(6)).loss.backward()
    assert all(weight.grad.any() for weight in method.gauge.parameters())


def test_bounds_that_leave_no_room_are_refused(tools) -> None:
    with pytest.raises(InputError, match=r"smallest is 1\.0, but it must be below largest, 1\.0; try 0\.01"):
        tools.build("anchor_temperature", smallest=1.0)
