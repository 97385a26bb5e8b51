"""The clock of the losses: each has a row, the network its own, and nothing is changed."""

import time

import pytest
import torch
from torch import Tensor, nn

from anatomy.measures import loss_costs as module
from anatomy.measures.loss_costs import loss_costs
from anatomy.measures.loss_map import family


class Slow(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        if torch.is_grad_enabled():
            time.sleep(0.02)
        return x.flatten(1)


def test_a_pause_of_the_network_is_in_its_row_alone(planted) -> None:
    table = loss_costs(planted(40, 5, backbone=Slow()), per_step=8)
    assert table["loss"] == ["network", *family(0.1)]
    assert 20 <= table["milliseconds"][0] < 200
    assert sorted(table["milliseconds"][1:])[len(family(0.1)) // 2] < 20
    assert table["anchors"] == [8] * len(table["loss"])


def test_a_pause_of_a_loss_is_in_its_row(planted, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(positive: Tensor, negatives: Tensor) -> Tensor:
        time.sleep(0.02)
        return positive

    monkeypatch.setattr(module, "family", lambda t: {"quick": lambda p, n: p, "slow": slow})
    table = loss_costs(planted(40, 5), per_step=8)
    assert table["loss"] == ["network", "quick", "slow"]
    assert table["milliseconds"][2] >= 20 > table["milliseconds"][1]


def test_the_network_keeps_its_mode_and_has_no_gradient(planted) -> None:
    trained = planted(6, 5)
    trained.encoder.eval()
    loss_costs(trained)
    assert not trained.encoder.training
    assert all(p.grad is None for p in trained.encoder.parameters())
