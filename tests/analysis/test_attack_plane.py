"""An attack in two dimensions: its gradient, and which of the two ways ends higher."""

import numpy as np
import pytest

from anatomy.analysis.attack_plane import gradient, loss_of, many_steps, one_step, plane


@pytest.mark.parametrize("bend", [0.0, 2.0])
def test_the_gradient_is_that_of_the_loss(bend: float) -> None:
    point, h = np.array([0.2, -0.7]), 1e-6
    found = [(loss_of(point + h * e, bend) - loss_of(point - h * e, bend)) / (2 * h) for e in np.eye(2)]
    assert gradient(point, bend) == pytest.approx(found, rel=1e-6)


def test_on_a_straight_loss_both_ways_end_in_one_corner() -> None:
    assert one_step(0.0)[-1].tolist() == many_steps(0.0)[-1].tolist() == [1, 1]


def test_on_a_bent_loss_one_step_ends_lower_than_many() -> None:
    ends = [loss_of(way[-1], 2.0) for way in (one_step(2.0), many_steps(2.0))]
    assert ends[0] < loss_of(np.zeros(2), 2.0) < ends[1]  # and lower than where it began: an abnormal example


def test_a_way_stays_in_the_ball_and_begins_at_the_image() -> None:
    drawn = plane(2.0)
    for way in drawn.ways.values():
        assert np.abs(way).max() <= 1
        assert way[0].tolist() == [0, 0]
    assert drawn.loss.shape == (61, 61)
    assert drawn.loss[10, 50] == pytest.approx(loss_of(np.array([drawn.across[50], drawn.up[10]]), 2.0))
