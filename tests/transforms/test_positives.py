"""Extrapolation and interpolation of positives: which lambda, where, and what it does to their score."""

import pytest
import torch
from torch import Tensor

import reference
from anatomy import parts
from anatomy.errors import InputError
from anatomy.similarity import unit
from anatomy.transforms import mix_positives
from anatomy.transforms.feature_transformation import feature_transformation
from anatomy.transforms.positive_extrapolation import positive_extrapolation
from anatomy.transforms.positive_interpolation import positive_interpolation
from anatomy.transforms.positive_weight import positive_weight
from reference import array, assert_close

BOTH = [positive_extrapolation, positive_interpolation]


@pytest.fixture
def features(generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    return tuple(unit(torch.randn(n, 8, generator=generator, dtype=torch.float64)) for n in (6, 6, 11))


def distance(a: Tensor, b: Tensor) -> Tensor:
    return 1 - (a * b).sum(1)


def shares(transform, features, generator, **dials) -> Tensor:
    """The lambda of each row and dimension, from what came out: q^ - k = lambda (q - k)."""
    query, key, _ = features
    return (transform(*features, generator, **dials).query - key) / (query - key)


@pytest.mark.parametrize(("transform", "low", "high"), [(BOTH[0], 1, 2), (BOTH[1], 0, 1)])
@pytest.mark.parametrize("per_dimension", [False, True])
def test_the_law_of_lambda(features, generator, transform, low, high, per_dimension) -> None:
    """Beta(2, 2), shifted by 1 for extrapolation: mean 1/2, variance 1/20; one for all, or all different."""
    drawn = [shares(transform, features, generator, per_dimension=per_dimension) for _ in range(400)]
    for each in drawn[:20]:
        assert (low < each).all()
        assert (each < high).all()
        assert len(each.flatten().round(decimals=8).unique()) == (48 if per_dimension else 1)
    first = torch.stack([each[0, 0] for each in drawn])
    assert first.mean() == pytest.approx(low + 0.5, abs=0.04)
    assert first.var() == pytest.approx(0.05, abs=0.012)


@pytest.mark.parametrize("transform", BOTH)
def test_query_and_key_are_mixed_with_each_other(features, generator, transform) -> None:
    """Against loops, with the lambda that came out."""
    query, key, queue = features
    out = transform(*features, generator)
    share = ((out.query - key) / (query - key))[0, 0].item()
    rows = range(len(query))
    assert_close(out.query, [reference.mixed(array(query[i]), array(key[i]), share) for i in rows])
    assert_close(out.key, [reference.mixed(array(key[i]), array(query[i]), share) for i in rows])
    assert out.queue is queue
    assert out.synthetic == ()


# --- the identities


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 1.0, 1.5, 2.0])
def test_one_lambda_multiplies_the_distance(features, share: float) -> None:
    """1 - s^ = c (1 - s), c = lambda^2 + (1 - lambda)^2."""
    query, key, _ = features
    mixed = mix_positives(query, key, torch.tensor(share, dtype=torch.float64))
    assert_close(distance(*mixed), (share**2 + (1 - share) ** 2) * distance(query, key))


def test_one_lambda_a_dimension(features, generator) -> None:
    """s^ = s - sum_d lambda_d (lambda_d - 1) (q_d - k_d)^2, and both against loops."""
    query, key, _ = features
    share = 2 * torch.rand(6, 8, generator=generator, dtype=torch.float64)
    found = torch.stack(mix_positives(query, key, share)).prod(0).sum(1)
    assert_close(found, (query * key).sum(1) - (share * (share - 1) * (query - key) ** 2).sum(1))
    rows = zip(array(query), array(key), array(share), strict=True)
    assert_close(found, [reference.mixed_score_of(*row) for row in rows])


def test_the_length_of_the_mixed_query_and_its_score_with_a_negative(features) -> None:
    """|q^|^2 = 1 + 2 lambda (lambda - 1) (1 - s), and q^.n = lambda q.n - (lambda - 1) k.n."""
    query, key, queue = features
    mixed, _ = mix_positives(query, key, torch.tensor(1.5, dtype=torch.float64))
    assert_close(mixed.square().sum(1), 1 + 2 * 1.5 * 0.5 * distance(query, key))
    assert_close(mixed @ queue.T, 1.5 * query @ queue.T - 0.5 * key @ queue.T)


def test_renormalized_by_hand() -> None:
    """s = 0.827, lambda = 1.5: 0.568 as it comes, 0.453 on the sphere (c = 2.5)."""
    query = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    key = torch.tensor([[0.827, (1 - 0.827**2) ** 0.5]], dtype=torch.float64)
    share = torch.tensor(1.5, dtype=torch.float64)
    raw, sphere = (mix_positives(query, key, share, renormalize=r) for r in (False, True))
    assert (raw[0] * raw[1]).sum().item() == pytest.approx(1 - 2.5 * 0.173, rel=1e-10)
    expected = (1 - 2.5 * 0.173) / (1 + 1.5 * 0.173)
    assert (sphere[0] * sphere[1]).sum().item() == pytest.approx(expected, rel=1e-10)
    assert expected == pytest.approx(0.451, abs=1e-3)


@pytest.mark.parametrize("transform", BOTH)
def test_renormalized_features_are_unit(features, generator, transform) -> None:
    out = transform(*features, generator, renormalize=True)
    assert_close(torch.stack([out.query, out.key]).norm(dim=2), torch.ones(2, 6))
    raw = transform(*features, generator)
    assert ((raw.query.norm(dim=1) > 1.01).all() or (raw.query.norm(dim=1) < 0.99).all()).item()


def test_extrapolation_without_chance(features) -> None:
    """c = 2.6: the distance times 2.6, whatever the generator."""
    out = positive_extrapolation(*features, None, c=2.6)
    assert_close(distance(out.query, out.key), 2.6 * distance(*features[:2]))
    assert (shares(positive_extrapolation, features, None, c=2.6) > 1).all()


def test_c_below_one_is_refused() -> None:
    """It would be an interpolation."""
    with pytest.raises(InputError, match="c is 0.5, but it must be greater than or equal to 1"):
        parts.check("transform", "positive_extrapolation", {"c": 0.5})


# --- gradients


def tangent(features: tuple[Tensor, ...], transform, **dials) -> Tensor:
    """The gradient of the positive score with respect to the query, along the sphere."""
    query, key, queue = features
    leaf = query.clone().requires_grad_()
    out = transform(leaf, key, queue, None, **dials)
    (gradient,) = torch.autograd.grad((out.query * out.key).sum(), leaf)
    return gradient - (gradient * query).sum(1, keepdim=True) * query


def plain(query, key, queue, generator):
    return parts.load("transform", "none")(query, key, queue, generator)


@pytest.mark.parametrize("transform", [positive_extrapolation, positive_weight])
def test_the_gradient_of_the_score_is_multiplied_by_c(features, transform) -> None:
    """It flows through k^ too, which contains q; cut there, the factor would be lambda^2."""
    assert_close(tangent(features, transform, c=2.6), 2.6 * tangent(features, plain))


def test_a_weighted_positive_leaves_the_queries_where_they_are(features) -> None:
    out = positive_weight(*features, None, c=2.6)
    assert_close(distance(out.query, out.key), 2.6 * distance(*features[:2]))
    assert out.query is features[0]
    assert out.queue is features[2]


# --- both together


@pytest.mark.parametrize("per_dimension", [False, True])
def test_both_is_extrapolation_and_interpolation(features, generator, per_dimension) -> None:
    out = feature_transformation(*features, generator, per_dimension=per_dimension)
    share = (out.query - features[1]) / (features[0] - features[1])
    assert ((share > 1) & (share < 2)).all()
    assert (len(share.flatten().round(decimals=8).unique()) > 1) is per_dimension
    assert_close(out.queue.mean(0) if not per_dimension else features[2].mean(0), features[2].mean(0))
    assert (out.queue.norm(dim=1) < 1 + 1e-9).all()
    assert not torch.equal(out.queue, features[2])
