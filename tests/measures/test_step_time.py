"""The clock of a step: it measures what it says, and changes nothing."""

import time

import torch
from torch import Tensor, nn

from anatomy.measures.step_time import REPEATS, step_time


class Slow(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        assert torch.is_grad_enabled()
        time.sleep(0.02)
        return x.flatten(1)


def test_a_pause_of_20_milliseconds_is_seen(planted) -> None:
    table = step_time(planted(40, 5, backbone=Slow()), batch=8)
    assert 20 <= table["milliseconds"][0] < 200
    assert table["batch"] == [8]


def test_no_more_images_than_there_are(planted) -> None:
    assert step_time(planted(6, 5), batch=128)["batch"] == [6]


def test_the_network_keeps_its_mode_and_has_no_gradient(planted) -> None:
    trained = planted(6, 5)
    trained.encoder.eval()
    step_time(trained)
    assert not trained.encoder.training
    assert all(p.grad is None for p in trained.encoder.parameters())
    assert REPEATS % 2 == 1  # a median that is one of them
