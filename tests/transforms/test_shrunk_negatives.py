"""Negatives shrunk about their mean, as much as mixing shrinks them."""

import pytest
import torch

from anatomy.similarity import unit
from anatomy.transforms.negative_interpolation import negative_interpolation
from anatomy.transforms.shrunk_negatives import shrunk_negatives
from reference import assert_close


def test_shrinking_is_a_temperature_about_the_mean(on_axes) -> None:
    """With the same draw, the mean score of mixing and the spread that mixing has where keys are orthogonal."""
    query, _, queue = on_axes
    factors = []
    for seed in range(20):
        shrunk = shrunk_negatives(*on_axes, torch.Generator().manual_seed(seed)).queue
        deviations = [each - each.mean(1, keepdim=True) for each in (query @ queue.T, query @ shrunk.T)]
        factor = (deviations[1] / deviations[0])[0, 0].item()
        assert_close(deviations[1], factor * deviations[0])
        assert_close(shrunk.mean(0), queue.mean(0))
        assert 0.5**0.5 <= factor < 1  # lambda^2 + (1 - lambda)^2 is at least a half
        factors.append(factor**2)
    assert sum(factors) / 20 == pytest.approx(0.62, abs=0.06)


def test_it_shrinks_as_much_as_mixing_does(generator) -> None:
    """Of many keys, the variance of their scores falls by the same factor on average."""
    query, key = (unit(torch.randn(8, 32, generator=generator)) for _ in range(2))
    queue = unit(torch.randn(2000, 32, generator=generator) + 0.2)

    def variance(transform) -> float:
        drawn = (transform(query, key, queue, torch.Generator().manual_seed(s)).queue for s in range(40))
        return sum((query @ keys.T).var(1).mean().item() for keys in drawn) / 40

    assert variance(negative_interpolation) == pytest.approx(variance(shrunk_negatives), rel=0.1)


def test_the_stored_queue_stays(on_axes, generator) -> None:
    before = on_axes[2].clone()
    shrunk_negatives(*on_axes, generator)
    assert torch.equal(on_axes[2], before)
