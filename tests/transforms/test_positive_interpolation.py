"""Interpolated positives: which lambda, and that they get easier."""

import pytest

from anatomy.transforms.positive_interpolation import positive_interpolation
from mixed_positives import check_lambda, check_mixed, check_renormalized, distance
from reference import assert_close


@pytest.mark.parametrize("per_dimension", [False, True])
def test_the_law_of_lambda(features, generator, per_dimension) -> None:
    check_lambda(positive_interpolation, features, generator, least=0, per_dimension=per_dimension)


def test_query_and_key_are_mixed_with_each_other(features, generator) -> None:
    check_mixed(positive_interpolation, features, generator)


def test_renormalized_features_are_unit(features, generator) -> None:
    check_renormalized(positive_interpolation, features, generator)


def test_positives_get_easier(features, generator) -> None:
    """c lies between a half and 1."""
    out = positive_interpolation(*features, generator)
    factor = distance(out.query, out.key) / distance(*features[:2])
    assert_close(factor, factor[:1].expand(6))
    assert 0.5 <= factor[0] < 1
