"""How hard synthetic negatives are, by hand."""

import torch

from anatomy.recorders.synthetic import Synthetic
from anatomy.similarity import Against
from reference import assert_close


def test_synthetic_by_hand(recorded) -> None:
    """Two anchors whose hardest keys score 0.8 and 0.6; a mixture as hard as the hardest is not harder."""
    query = torch.eye(2, dtype=torch.float64)
    queue = torch.tensor([[0.8, 0.6], [0.6, 0.0]], dtype=torch.float64)
    first = torch.tensor([[0.9, 0.8, 0.1], [0.7, 0.65, 0.0]], dtype=torch.float64)
    second = torch.tensor([[0.5], [0.9]], dtype=torch.float64)
    watch = {"negatives": (Against(query, queue), first, second), "z_1": query, "queue": queue}
    table = recorded(Synthetic(), watch)
    assert table["kind"] == [1, 2]
    assert_close(table["harder"], [0.5, 0.5])
    assert_close(table["score"], [0.525, 0.7])
    one = recorded(Synthetic(sampled=1), watch)
    assert_close(one["harder"], [0.33333, 0.0])


def test_no_synthetic_negatives_no_rows(recorded, watch) -> None:
    table = recorded(Synthetic(), watch | {"negatives": Against(watch["z_1"], watch["queue"])})
    assert table == {"step": [], "kind": [], "score": [], "harder": []}
