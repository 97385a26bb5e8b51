"""Weights by similarity and rank: bins by pencil, and the losses whose curves are known."""

import pytest
import torch

from anatomy.measures.loss_curves import binned, curves, loss_curves
from anatomy.measures.loss_map import family, forces
from reference import assert_close


def test_bins_by_hand() -> None:
    """Two in the bin from 0.2 to 0.3, one at the upper edge, which belongs to the last bin."""
    at, values = torch.tensor([0.21, 0.29, 1.0]).double(), torch.tensor([1.0, 3.0, 5.0]).double()
    assert binned(at, values) == ([0.25, 0.95], [2.0, 5.0])


def test_ranks_by_hand() -> None:
    """DCL: the shares are a softmax; in order of similarity, whatever the order of the columns, times K."""
    n = torch.tensor([[0.0, 0.5, -0.5], [-0.5, 0.0, 0.5]], dtype=torch.float64)
    found = curves(forces(family(0.5)["DCL"], torch.zeros(2).double(), n), torch.zeros(2).double(), n)
    at, weight = found["rank"]
    assert at == [1, 2, 3]
    assert_close(weight, 3 * torch.tensor([1.0, 0.0, -1.0], dtype=torch.float64).softmax(0))


def test_curves_of_a_planted_network(planted) -> None:
    table = loss_curves(planted(60, 20), curve_temperature=0.2)
    rows = list(zip(*table.values(), strict=True))
    assert {row[0] for row in rows} == set(family(1.0))

    def of(loss: str, what: str) -> list[float]:
        return [weight for name, kind, _, weight in rows if (name, kind) == (loss, what)]

    assert of("DCL", "positive") == pytest.approx([1.0] * len(of("DCL", "positive")))
    assert of("InfoNCE", "positive") != of("DCL", "positive")
    for loss in ("InfoNCE", "DCL"):
        assert of(loss, "rank") == sorted(of(loss, "rank"), reverse=True)
    assert of("DCL", "rank") == pytest.approx(of("InfoNCE", "rank"))  # they differ between anchors, not within
    assert min(of("CACR", "rank")) < 0 < min(of("CACR, weights detached", "rank"))
