"""The scale of the weights that a network starts with."""

import pytest
import torch
from torch import nn

from anatomy.runs import parts


@pytest.mark.parametrize("name", [name for name in parts.names("backbone") if name != "pixels"])
def test_convolutions_start_by_their_outputs(name: str) -> None:
    """He et al. 2015, arXiv:1502.01852, equation 14: variance 2 / (output channels x pixels of the kernel), mean 0."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = parts.load("backbone", name)(width=16)
    convolutions = [layer for layer in network.modules() if isinstance(layer, nn.Conv2d)]
    assert any(layer.in_channels != layer.out_channels for layer in convolutions[1:])
    for layer in convolutions:
        expected = (2 / (layer.out_channels * layer.kernel_size[0] * layer.kernel_size[1])) ** 0.5
        spread = 4 / layer.weight.numel() ** 0.5  # of a deviation estimated from so many numbers, and more
        assert layer.weight.std().item() == pytest.approx(expected, rel=spread)
        assert abs(layer.weight.mean().item()) < spread * expected
