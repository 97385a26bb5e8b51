"""VICReg: its three terms by hand."""

import pytest
import torch

from anatomy.decomposition import spread_hinge
from anatomy.errors import InputError
from anatomy.runs.parts import check


def test_the_hinge_by_hand() -> None:
    """Deviations (unbiased) sqrt 2 and 0: the first costs nothing, the second 1 - 0.01."""
    z = torch.tensor([[1.0, 3.0], [-1.0, 3.0]], dtype=torch.float64)
    assert spread_hinge(z).item() == pytest.approx(0.99 / 2, rel=1e-10)


@pytest.mark.parametrize("term", ["variance", "invariance", "covariance"])
def test_each_term_counts_as_its_weight_says(tools, term: str) -> None:
    batch, none = tools.batch(6), {"variance": 0.0, "invariance": 0.0, "covariance": 0.0}
    once, twice = (tools.build("vicreg", **none | {term: w})(batch).loss.item() for w in (1.0, 2.0))
    assert once > 1e-6
    assert twice == pytest.approx(2 * once, rel=1e-10)


def test_equal_views_leave_variance_and_covariance(tools) -> None:
    method, batch = tools.build("vicreg", variance=0.0, covariance=0.0), tools.batch(6)
    assert method(type(batch)(batch.views[:1] * 2, batch.labels, batch.index)).loss.item() == 0


@pytest.mark.parametrize("term", ["variance", "invariance", "covariance"])
def test_a_wrong_weight(term: str) -> None:
    with pytest.raises(InputError, match=rf"{term} is -1.*the default is"):
        check("method", "vicreg", {term: -1})
