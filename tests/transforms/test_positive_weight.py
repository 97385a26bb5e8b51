"""A weight on the positive's distance: its score, its gradient, and that nothing else moves."""

import torch
from torch import Tensor

from anatomy.transforms.none import none
from anatomy.transforms.positive_weight import positive_weight
from reference import assert_close


def distance(a: Tensor, b: Tensor) -> Tensor:
    return 1 - (a * b).sum(1)


def tangent(features: tuple[Tensor, ...], transform, **options) -> Tensor:
    """The gradient of the positive score with respect to the query, along the sphere."""
    query, key, queue = features
    leaf = query.clone().requires_grad_()
    out = transform(leaf, key, queue, None, **options)
    (gradient,) = torch.autograd.grad((out.query * out.key).sum(), leaf)
    return gradient - (gradient * query).sum(1, keepdim=True) * query


def test_the_gradient_of_the_score_is_multiplied_by_c(features) -> None:
    """Along the sphere the query's own part of the mixture has none."""
    assert_close(tangent(features, positive_weight, c=2.6), 2.6 * tangent(features, none))


def test_a_weighted_positive_leaves_the_queries_where_they_are(features) -> None:
    out = positive_weight(*features, None, c=2.6)
    assert_close(distance(out.query, out.key), 2.6 * distance(*features[:2]))
    assert out.query is features[0]
    assert out.queue is features[2]
