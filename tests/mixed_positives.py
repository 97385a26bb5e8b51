"""What holds of a positive pair that is mixed, whichever way: shared by the tests of its transforms."""

import pytest
import torch
from torch import Tensor

import reference
from reference import array, assert_close


def distance(a: Tensor, b: Tensor) -> Tensor:
    return 1 - (a * b).sum(1)


def tangent(features: tuple[Tensor, ...], transform, **options) -> Tensor:
    """The gradient of the positive score with respect to the query, along the sphere."""
    query, key, queue = features
    leaf = query.clone().requires_grad_()
    out = transform(leaf, key, queue, None, **options)
    (gradient,) = torch.autograd.grad((out.query * out.key).sum(), leaf)
    return gradient - (gradient * query).sum(1, keepdim=True) * query


def shares(transform, features, generator, **options) -> Tensor:
    """The lambda of each row and dimension, from what came out: q^ - k = lambda (q - k)."""
    query, key, _ = features
    return (transform(*features, generator, **options).query - key) / (query - key)


def check_lambda(transform, features, generator, *, least: int, per_dimension: bool) -> None:
    """Beta(2, 2), shifted by `least`: mean 1/2, variance 1/20; one for all, or all different."""
    drawn = [shares(transform, features, generator, per_dimension=per_dimension) for _ in range(400)]
    for each in drawn[:20]:
        assert (least < each).all()
        assert (each < least + 1).all()
        assert len(each.flatten().round(decimals=8).unique()) == (48 if per_dimension else 1)
    first = torch.stack([each[0, 0] for each in drawn])
    assert first.mean() == pytest.approx(least + 0.5, abs=0.04)
    assert first.var() == pytest.approx(0.05, abs=0.012)


def check_mixed(transform, features, generator) -> None:
    """Query and key with each other, against loops, with the lambda that came out."""
    query, key, queue = features
    out = transform(*features, generator)
    share = ((out.query - key) / (query - key))[0, 0].item()
    rows = range(len(query))
    assert_close(out.query, [reference.mixed(array(query[i]), array(key[i]), share) for i in rows])
    assert_close(out.key, [reference.mixed(array(key[i]), array(query[i]), share) for i in rows])
    assert out.queue is queue
    assert out.synthetic == ()


def check_renormalized(transform, features, generator) -> None:
    out = transform(*features, generator, renormalize=True)
    assert_close(torch.stack([out.query, out.key]).norm(dim=2), torch.ones(2, 6))
    raw = transform(*features, generator)
    assert ((raw.query.norm(dim=1) > 1.01).all() or (raw.query.norm(dim=1) < 0.99).all()).item()
