"""Extrapolated positives: which lambda, what it does to their score, and to the gradient."""

import pytest
import torch
from torch import Tensor

import reference
from anatomy.errors import InputError
from anatomy.runs import parts
from anatomy.transforms.none import none
from anatomy.transforms.positive_extrapolation import positive_extrapolation
from reference import array, assert_close


def distance(a: Tensor, b: Tensor) -> Tensor:
    return 1 - (a * b).sum(1)


def shares(features, generator, **options) -> Tensor:
    """The lambda of each row and dimension, from what came out: q^ - k = lambda (q - k)."""
    query, key, _ = features
    return (positive_extrapolation(*features, generator, **options).query - key) / (query - key)


@pytest.mark.parametrize("per_dimension", [False, True])
def test_the_law_of_lambda(features, generator, per_dimension) -> None:
    """Beta(2, 2), shifted by 1: mean 3/2, variance 1/20; one for all, or all different."""
    drawn = [shares(features, generator, per_dimension=per_dimension) for _ in range(400)]
    for each in drawn[:20]:
        assert (1 < each).all()
        assert (each < 2).all()
        assert len(each.flatten().round(decimals=8).unique()) == (48 if per_dimension else 1)
    first = torch.stack([each[0, 0] for each in drawn])
    assert first.mean() == pytest.approx(1.5, abs=0.04)
    assert first.var() == pytest.approx(0.05, abs=0.012)


def test_query_and_key_are_mixed_with_each_other(features, generator) -> None:
    """Against loops, with the lambda that came out."""
    query, key, queue = features
    out = positive_extrapolation(*features, generator)
    share = ((out.query - key) / (query - key))[0, 0].item()
    rows = range(len(query))
    assert_close(out.query, [reference.mixed(array(query[i]), array(key[i]), share) for i in rows])
    assert_close(out.key, [reference.mixed(array(key[i]), array(query[i]), share) for i in rows])
    assert out.queue is queue
    assert out.synthetic == ()


def test_renormalized_features_are_unit(features, generator) -> None:
    out = positive_extrapolation(*features, generator, renormalize=True)
    assert_close(torch.stack([out.query, out.key]).norm(dim=2), torch.ones(2, 6))
    raw = positive_extrapolation(*features, generator)
    assert ((raw.query.norm(dim=1) > 1.01).all() or (raw.query.norm(dim=1) < 0.99).all()).item()


def test_extrapolation_without_chance(features) -> None:
    """c = 2.6: the distance times 2.6, whatever the generator."""
    out = positive_extrapolation(*features, None, c=2.6)
    assert_close(distance(out.query, out.key), 2.6 * distance(*features[:2]))
    assert (shares(features, None, c=2.6) > 1).all()


def test_c_below_one_is_rejected() -> None:
    """It would be an interpolation."""
    with pytest.raises(InputError, match="c is 0.5, but it must be greater than or equal to 1"):
        parts.check("transform", "positive_extrapolation", {"c": 0.5})


def tangent(features: tuple[Tensor, ...], transform, **options) -> Tensor:
    """The gradient of the positive score with respect to the query, along the sphere."""
    query, key, queue = features
    leaf = query.clone().requires_grad_()
    out = transform(leaf, key, queue, None, **options)
    (gradient,) = torch.autograd.grad((out.query * out.key).sum(), leaf)
    return gradient - (gradient * query).sum(1, keepdim=True) * query


def test_the_gradient_of_the_score_is_multiplied_by_c(features) -> None:
    """It flows through k^ too, which contains q; cut there, the factor would be lambda^2."""
    assert_close(tangent(features, positive_extrapolation, c=2.6), 2.6 * tangent(features, none))
