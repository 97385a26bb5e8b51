"""Both transformations together: extrapolated positives, interpolated negatives."""

import pytest
import torch

from anatomy.transforms.feature_transformation import feature_transformation
from anatomy.transforms.negative_interpolation import negative_interpolation
from anatomy.transforms.positive_extrapolation import positive_extrapolation
from reference import assert_close


@pytest.mark.parametrize("per_dimension", [False, True])
def test_both_is_extrapolation_and_interpolation(features, generator, per_dimension) -> None:
    out = feature_transformation(*features, generator, per_dimension=per_dimension)
    share = (out.query - features[1]) / (features[0] - features[1])
    assert ((share > 1) & (share < 2)).all()
    assert (len(share.flatten().round(decimals=8).unique()) > 1) is per_dimension
    assert_close(out.queue.mean(0) if not per_dimension else features[2].mean(0), features[2].mean(0))
    assert (out.queue.norm(dim=1) < 1 + 1e-9).all()
    assert not torch.equal(out.queue, features[2])


def test_it_is_the_two_one_after_the_other(features) -> None:
    """The same draws: positives first."""
    one, two = torch.Generator().manual_seed(3), torch.Generator().manual_seed(3)
    both = feature_transformation(*features, one)
    apart = positive_extrapolation(*features, two)
    assert torch.equal(both.query, apart.query)
    assert torch.equal(both.key, apart.key)
    assert torch.equal(both.queue, negative_interpolation(*features, two).queue)
