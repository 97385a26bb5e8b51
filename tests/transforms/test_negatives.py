"""Interpolated, shrunk and synthetic negatives, on a queue of basis vectors: there a mixture shows its parts."""

import numpy as np
import pytest
import torch
from torch import Tensor

from anatomy.similarity import unit
from anatomy.transforms.mochi import mochi
from anatomy.transforms.negative_interpolation import negative_interpolation
from anatomy.transforms.shrunk_negatives import shrunk_negatives
from reference import array, assert_close

K = 12


@pytest.fixture
def features(generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Four queries and keys; twelve keys e_1 ... e_12, the queue."""
    query, key = (unit(torch.randn(4, K, generator=generator, dtype=torch.float64)) for _ in range(2))
    return query, key, torch.eye(K, dtype=torch.float64)


# --- interpolated


def test_each_key_is_mixed_with_another_one(features, generator) -> None:
    """lambda e_i + (1 - lambda) e_pi(i): one lambda, and pi a permutation, new at every step."""
    orders = set()
    for _ in range(20):
        out = negative_interpolation(*features, generator)
        assert out.query is features[0]
        assert out.key is features[1]
        moved = [i for i in range(K) if out.queue[i, i] < 1 - 1e-12]
        share = out.queue[moved[0], moved[0]]
        assert 0 < share < 1
        others = out.queue - share * features[2]
        order = others.argmax(1)
        assert_close(others, (1 - share) * features[2][order])
        assert sorted(order.tolist()) == list(range(K))
        orders.add(tuple(order.tolist()))
    assert len(orders) == 20


def test_the_law_of_its_lambda(features, generator) -> None:
    """Beta(1.6, 1.6): mean 1/2, variance 1 / (4 x 4.2); the smaller share would not do, so moments of all."""
    shares = []
    for _ in range(400):
        queue = negative_interpolation(*features, generator).queue
        shares.append(next(queue[i, i].item() for i in range(K) if queue[i, i] < 1 - 1e-12))
    drawn = torch.tensor(shares)
    assert drawn.mean() == pytest.approx(0.5, abs=0.05)
    assert drawn.var() == pytest.approx(1 / 16.8, abs=0.013)


def test_a_lambda_for_each_dimension(features, generator) -> None:
    """Entry (i, i) has its own lambda, entry (i, pi(i)) its own 1 - lambda: their sum is not 1."""
    queue = negative_interpolation(*features, generator, per_dimension=True).queue
    assert ((queue > 0).sum(1) <= 2).all()
    moved = [i for i in range(K) if (queue[i] > 0).sum() == 2]
    assert len({round(queue[i, i].item(), 9) for i in moved}) == len(moved)
    assert all(abs(queue[i].sum() - 1) > 1e-6 for i in moved)


def test_the_stored_queue_stays(features, generator) -> None:
    for transform in (negative_interpolation, shrunk_negatives, mochi):
        before = features[2].clone()
        transform(*features, generator)
        assert torch.equal(features[2], before)


def test_mixtures_are_shorter_unless_renormalized(features, generator) -> None:
    raw, sphere = (negative_interpolation(*features, generator, renormalize=r).queue for r in (False, True))
    assert (raw.norm(dim=1).sort().values[: K // 2] < 0.999).all()
    assert_close(sphere.norm(dim=1), torch.ones(K))


# --- shrunk


def test_shrinking_is_a_temperature_about_the_mean(features) -> None:
    """With the same draw, the mean score of mixing and the spread that mixing has where keys are orthogonal."""
    query, _, queue = features
    factors = []
    for seed in range(20):
        shrunk = shrunk_negatives(*features, torch.Generator().manual_seed(seed)).queue
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


# --- synthetic


def test_all_real_negatives_stay(features, generator) -> None:
    out = mochi(*features, generator, hardest=3, of_two=5, with_query=4)
    assert all(a is b for a, b in zip(out[:3], features, strict=True))
    assert [tuple(part.shape) for part in out.synthetic] == [(4, 5, K), (4, 4, K)]
    for part in out.synthetic:
        assert_close(part.norm(dim=2), torch.ones(part.shape[:2]))


def test_the_first_kind_lies_between_two_of_the_querys_own_hardest(features, generator) -> None:
    """On basis vectors: at most two entries, positive, and only among the query's three largest."""
    (first, _) = mochi(*features, generator, hardest=3, of_two=200, with_query=1).synthetic
    seen = [set() for _ in range(4)]
    for query, rows, places in zip(features[0], first, seen, strict=True):
        largest = set(query.topk(3).indices.tolist())
        for row in rows:
            parts = row.nonzero().flatten().tolist()
            assert len(parts) <= 2
            assert set(parts) <= largest
            assert (row >= 0).all()
            places |= set(parts)
        assert places == largest
    # a ~ U(0, 1): the share of either is below a quarter as often as above three quarters, and in between
    two = first[(first > 0).sum(2) == 2]
    share = two.sort(1).values[:, -2] / two.sort(1).values[:, -2:].sum(1)
    assert (share < 0.25).double().mean() == pytest.approx(0.5, abs=0.06)


def test_the_second_kind_lies_between_the_query_and_one_of_its_hardest(features, generator) -> None:
    """b q + (1 - b) e_j with b below a half: off the j-th entry it is a multiple of q."""
    (_, second) = mochi(*features, generator, hardest=3, of_two=1, with_query=200).synthetic
    for query, rows in zip(array(features[0]), array(second), strict=True):
        largest = set((-query).argsort()[:3].tolist())
        shares = []
        for row in rows:
            ratio = np.median(row / query)
            place = int(abs(row / query - ratio).argmax())
            assert place in largest
            assert_close(np.delete(row, place), ratio * np.delete(query, place))
            rest = row[place] - ratio * query[place]
            shares.append(ratio / (ratio + rest))
        assert 0 <= min(shares)
        assert max(shares) <= 0.5
        assert sum(shares) / 200 == pytest.approx(0.25, abs=0.04)


def test_a_mixture_with_the_query_is_harder_than_its_source(features, generator) -> None:
    query, _, queue = features
    (second,) = mochi(*features, generator, hardest=1, of_two=0, with_query=50).synthetic
    scores = torch.einsum("nd,nsd->ns", query, second)
    assert (scores >= (query @ queue.T).amax(1, keepdim=True) - 1e-12).all()


def test_no_gradient_reaches_a_mixed_negative(features, generator) -> None:
    query, key, queue = features
    leaf = query.clone().requires_grad_()
    for part in mochi(leaf, key, queue, generator, hardest=3, of_two=2, with_query=2).synthetic:
        assert not part.requires_grad
    for transform in (negative_interpolation, shrunk_negatives):
        assert not transform(leaf, key, queue, generator).queue.requires_grad


def test_fewer_keys_than_hardest_are_all_of_them(features, generator) -> None:
    (first, _) = mochi(*features, generator, hardest=100, of_two=300, with_query=1).synthetic
    assert ((first > 0).any(1)).all()
