"""Interpolated positives: which lambda, and that they get easier."""

import pytest
import torch
from torch import Tensor

import reference
from anatomy.transforms.positive_interpolation import positive_interpolation
from reference import array, assert_close


def shares(features, generator, **options) -> Tensor:
    """The lambda of each row and dimension, from what came out: q^ - k = lambda (q - k)."""
    query, key, _ = features
    return (positive_interpolation(*features, generator, **options).query - key) / (query - key)


@pytest.mark.parametrize("per_dimension", [False, True])
def test_the_law_of_lambda(features, generator, per_dimension) -> None:
    """Beta(2, 2): mean 1/2, variance 1/20; one for all, or all different."""
    drawn = [shares(features, generator, per_dimension=per_dimension) for _ in range(400)]
    for each in drawn[:20]:
        assert (0 < each).all()
        assert (each < 1).all()
        assert len(each.flatten().round(decimals=8).unique()) == (48 if per_dimension else 1)
    first = torch.stack([each[0, 0] for each in drawn])
    assert first.mean() == pytest.approx(0.5, abs=0.04)
    assert first.var() == pytest.approx(0.05, abs=0.012)


def test_query_and_key_are_mixed_with_each_other(features, generator) -> None:
    """Against loops, with the lambda that came out."""
    query, key, queue = features
    out = positive_interpolation(*features, generator)
    share = ((out.query - key) / (query - key))[0, 0].item()
    rows = range(len(query))
    assert_close(out.query, [reference.mixed(array(query[i]), array(key[i]), share) for i in rows])
    assert_close(out.key, [reference.mixed(array(key[i]), array(query[i]), share) for i in rows])
    assert out.queue is queue
    assert out.synthetic == ()


def test_renormalized_features_are_unit(features, generator) -> None:
    out = positive_interpolation(*features, generator, renormalize=True)
    assert_close(torch.stack([out.query, out.key]).norm(dim=2), torch.ones(2, 6))
    raw = positive_interpolation(*features, generator)
    assert ((raw.query.norm(dim=1) > 1.01).all() or (raw.query.norm(dim=1) < 0.99).all()).item()


def test_positives_get_easier(features, generator) -> None:
    """c lies between a half and 1."""
    out = positive_interpolation(*features, generator)
    factor = (1 - (out.query * out.key).sum(1)) / (1 - (features[0] * features[1]).sum(1))
    assert_close(factor, factor[:1].expand(6))
    assert 0.5 <= factor[0] < 1
