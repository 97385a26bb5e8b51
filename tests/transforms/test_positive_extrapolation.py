"""Extrapolated positives: which lambda, what it does to their score, and to the gradient."""

import pytest

from anatomy.errors import InputError
from anatomy.runs import parts
from anatomy.transforms.none import none
from anatomy.transforms.positive_extrapolation import positive_extrapolation
from mixed_positives import check_lambda, check_mixed, check_renormalized, distance, shares, tangent
from reference import assert_close


@pytest.mark.parametrize("per_dimension", [False, True])
def test_the_law_of_lambda(features, generator, per_dimension) -> None:
    check_lambda(positive_extrapolation, features, generator, least=1, per_dimension=per_dimension)


def test_query_and_key_are_mixed_with_each_other(features, generator) -> None:
    check_mixed(positive_extrapolation, features, generator)


def test_renormalized_features_are_unit(features, generator) -> None:
    check_renormalized(positive_extrapolation, features, generator)


def test_extrapolation_without_chance(features) -> None:
    """c = 2.6: the distance times 2.6, whatever the generator."""
    out = positive_extrapolation(*features, None, c=2.6)
    assert_close(distance(out.query, out.key), 2.6 * distance(*features[:2]))
    assert (shares(positive_extrapolation, features, None, c=2.6) > 1).all()


def test_c_below_one_is_rejected() -> None:
    """It would be an interpolation."""
    with pytest.raises(InputError, match="c is 0.5, but it must be greater than or equal to 1"):
        parts.check("transform", "positive_extrapolation", {"c": 0.5})


def test_the_gradient_of_the_score_is_multiplied_by_c(features) -> None:
    """It flows through k^ too, which contains q; cut there, the factor would be lambda^2."""
    assert_close(tangent(features, positive_extrapolation, c=2.6), 2.6 * tangent(features, none))
