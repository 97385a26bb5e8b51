"""Barlow Twins: the cross-correlation by hand, and what its loss cannot see."""

import pytest
import torch

from anatomy.errors import InputError
from anatomy.methods.barlow_twins import cross_correlation
from anatomy.runs.parts import check
from reference import array, assert_close


def test_cross_correlation_against_numpy(generator: torch.Generator) -> None:
    import numpy as np

    one, other = (torch.randn(50, 3, generator=generator, dtype=torch.float64) for _ in range(2))
    expected = np.corrcoef(array(one).T, array(other).T)[:3, 3:]
    torch.testing.assert_close(cross_correlation(one, other), torch.tensor(expected), rtol=0, atol=1e-4)  # eps 1e-5


def test_by_hand() -> None:
    """Two images, dimensions (1, -1) and (1, 1): the second does not vary, and its correlation is 0."""
    z = torch.tensor([[1.0, 1.0], [-1.0, 1.0]], dtype=torch.float64)
    assert_close(cross_correlation(z, z), [[1 / (1 + 1e-5), 0], [0, 0]])


def test_equal_views_with_dimensions_that_do_not_repeat_each_other_cost_nothing() -> None:
    z = torch.tensor([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]], dtype=torch.float64)
    torch.testing.assert_close(cross_correlation(z, z), torch.eye(2, dtype=torch.float64), rtol=0, atol=1e-4)


def test_center_and_scale_of_a_dimension_mean_nothing(tools) -> None:
    method, batch = tools.build("barlow_twins"), tools.batch(6)
    before = method(batch).loss.item()
    with torch.no_grad():
        method.encoder.projector.bias += 5
        method.encoder.projector.weight *= 1e3
        method.encoder.projector.bias *= 1e3
    assert method(batch).loss.item() == pytest.approx(before, rel=1e-2)  # but for eps


def test_a_wrong_weight() -> None:
    with pytest.raises(InputError, match=r"weight is -1.*the default is 0.005"):
        check("method", "barlow_twins", {"weight": -1})
