"""Batch-channel normalization, and its estimate of the batch statistics, step by step."""

import pytest
import torch

from anatomy.runs import parts
from reference import array, assert_close


def layer(**options):
    return parts.load("norm", "batch_channel")(4, groups=2, **options).double()


@pytest.fixture
def x(generator: torch.Generator) -> torch.Tensor:
    return torch.randn(5, 4, 2, 3, generator=generator, dtype=torch.float64) * 2 + 1


def test_the_affine_map_behind_the_groups_is_per_group() -> None:
    norm = layer()
    assert norm.weight.shape == norm.bias.shape == (2,)
    assert norm.first.weight.shape == (4,)


def test_estimates_move_by_the_speed_and_the_variance_by_the_old_mean(x: torch.Tensor) -> None:
    estimate = layer(estimate=True, moving_speed=0.25).first
    mean, variance = torch.zeros(4).double(), torch.ones(4).double()
    for batch in (x, 3 * x):
        estimate(batch)
        square = (batch - mean[:, None, None]).square().mean((0, 2, 3))
        mean, variance = 0.75 * mean + 0.25 * batch.mean((0, 2, 3)), 0.75 * variance + 0.25 * square
        assert_close(estimate.mean.flatten(), array(mean))
        assert_close(estimate.variance.flatten(), array(variance))


def test_the_output_is_by_the_estimates_in_training_and_evaluation(x: torch.Tensor) -> None:
    estimate = layer(estimate=True).first
    y = estimate(x)
    expected = (x - estimate.mean) / (estimate.variance + 1e-5).sqrt()
    assert_close(y, array(expected))
    assert_close(estimate.eval()(x), array(expected))


def test_no_gradient_flows_through_the_estimates(x: torch.Tensor) -> None:
    """So the derivative of an output by its input is the scale alone."""
    estimate = layer(estimate=True).first
    leaf = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(estimate(leaf).sum(), leaf)
    scale = (estimate.variance + 1e-5).rsqrt()
    assert_close(gradient, array(scale.expand_as(x)))


def test_one_image_is_enough_for_estimates(x: torch.Tensor) -> None:
    assert layer(estimate=True)(x[:1]).isfinite().all()


def test_two_views_pass_before_the_gradient(x: torch.Tensor) -> None:
    """A pass after the first moves the estimates, and the first one's gradient is by what they were."""
    first, both = layer(estimate=True), layer(estimate=True)
    first(x).pow(3).sum().backward()
    y = both(x)
    both(2 * x)
    y.pow(3).sum().backward()
    assert_close(both.first.weight.grad, array(first.first.weight.grad))
