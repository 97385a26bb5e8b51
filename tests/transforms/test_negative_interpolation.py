"""Interpolated negatives, on a queue of basis vectors: there a mixture shows its parts."""

import pytest
import torch

from anatomy.transforms.negative_interpolation import negative_interpolation
from reference import assert_close

K = 12


def test_each_key_is_mixed_with_another_one(on_axes, generator) -> None:
    """lambda e_i + (1 - lambda) e_pi(i): one lambda, and pi a permutation, new at every step."""
    orders = set()
    for _ in range(20):
        out = negative_interpolation(*on_axes, generator)
        assert out.query is on_axes[0]
        assert out.key is on_axes[1]
        moved = [i for i in range(K) if out.queue[i, i] < 1 - 1e-12]
        share = out.queue[moved[0], moved[0]]
        assert 0 < share < 1
        others = out.queue - share * on_axes[2]
        order = others.argmax(1)
        assert_close(others, (1 - share) * on_axes[2][order])
        assert sorted(order.tolist()) == list(range(K))
        orders.add(tuple(order.tolist()))
    assert len(orders) == 20


def test_the_law_of_its_lambda(on_axes, generator) -> None:
    """Beta(1.6, 1.6): mean 1/2, variance 1 / (4 x 4.2); the smaller share would not do, so moments of all."""
    shares = []
    for _ in range(400):
        queue = negative_interpolation(*on_axes, generator).queue
        shares.append(next(queue[i, i].item() for i in range(K) if queue[i, i] < 1 - 1e-12))
    drawn = torch.tensor(shares)
    assert drawn.mean() == pytest.approx(0.5, abs=0.05)
    assert drawn.var() == pytest.approx(1 / 16.8, abs=0.013)


def test_a_lambda_for_each_dimension(on_axes, generator) -> None:
    """Entry (i, i) has its own lambda, entry (i, pi(i)) its own 1 - lambda: their sum is not 1."""
    queue = negative_interpolation(*on_axes, generator, per_dimension=True).queue
    assert ((queue > 0).sum(1) <= 2).all()
    moved = [i for i in range(K) if (queue[i] > 0).sum() == 2]
    assert len({round(queue[i, i].item(), 9) for i in moved}) == len(moved)
    assert all(abs(queue[i].sum() - 1) > 1e-6 for i in moved)


def test_mixtures_are_shorter_unless_renormalized(on_axes, generator) -> None:
    raw, sphere = (negative_interpolation(*on_axes, generator, renormalize=r).queue for r in (False, True))
    assert (raw.norm(dim=1).sort().values[: K // 2] < 0.999).all()
    assert_close(sphere.norm(dim=1), torch.ones(K))


def test_the_stored_queue_stays(on_axes, generator) -> None:
    before = on_axes[2].clone()
    mixed = negative_interpolation(*on_axes, generator).queue
    assert torch.equal(on_axes[2], before)
    assert not mixed.requires_grad
