"""Synthetic negatives, on a queue of basis vectors: there a mixture shows its parts."""

import numpy as np
import pytest
import torch

from anatomy.transforms.mochi import mochi
from reference import array, assert_close

K = 12


def test_all_real_negatives_stay(on_axes, generator) -> None:
    out = mochi(*on_axes, generator, hardest=3, of_two=5, with_query=4)
    assert all(a is b for a, b in zip(out[:3], on_axes, strict=True))
    assert [tuple(part.shape) for part in out.synthetic] == [(4, 5, K), (4, 4, K)]
    for part in out.synthetic:
        assert_close(part.norm(dim=2), torch.ones(part.shape[:2]))


def test_the_first_kind_lies_between_two_of_the_querys_own_hardest(on_axes, generator) -> None:
    """On basis vectors: at most two entries, positive, and only among the query's three largest."""
    (first, _) = mochi(*on_axes, generator, hardest=3, of_two=200, with_query=1).synthetic
    seen = [set() for _ in range(4)]
    for query, rows, places in zip(on_axes[0], first, seen, strict=True):
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


def test_the_second_kind_lies_between_the_query_and_one_of_its_hardest(on_axes, generator) -> None:
    """b q + (1 - b) e_j with b below a half: off the j-th entry it is a multiple of q."""
    (_, second) = mochi(*on_axes, generator, hardest=3, of_two=1, with_query=200).synthetic
    for query, rows in zip(array(on_axes[0]), array(second), strict=True):
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


def test_a_mixture_with_the_query_is_harder_than_its_source(on_axes, generator) -> None:
    query, _, queue = on_axes
    (second,) = mochi(*on_axes, generator, hardest=1, of_two=0, with_query=50).synthetic
    scores = torch.einsum("nd,nsd->ns", query, second)
    assert (scores >= (query @ queue.T).amax(1, keepdim=True) - 1e-12).all()


def test_no_gradient_reaches_a_mixed_negative(on_axes, generator) -> None:
    query, key, queue = on_axes
    leaf = query.clone().requires_grad_()
    for part in mochi(leaf, key, queue, generator, hardest=3, of_two=2, with_query=2).synthetic:
        assert not part.requires_grad


def test_fewer_keys_than_hardest_are_all_of_them(on_axes, generator) -> None:
    (first, _) = mochi(*on_axes, generator, hardest=100, of_two=300, with_query=1).synthetic
    assert ((first > 0).any(1)).all()
