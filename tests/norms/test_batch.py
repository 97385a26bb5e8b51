"""Batch normalization is torch's own layer, by name."""

import torch
from torch import nn

from anatomy.runs import parts
from anatomy.runs.config import Run
from anatomy.training.network import build


def test_it_is_torchs_layer() -> None:
    layer, torchs = parts.load("norm", "batch")(3), nn.BatchNorm2d(3)
    x = torch.randn(4, 3, 2, 2, generator=torch.Generator().manual_seed(0))
    assert torch.equal(layer(x), torchs(x))
    assert (layer.eps, layer.momentum) == (1e-5, 0.1)


def test_it_is_what_a_network_has_by_default() -> None:
    layers = [type(m).__name__ for m in build(Run.of(temperature=0.1)).encoder.backbone.modules()]
    assert layers.count("Batch") == 1 + 2 * 3 + 2  # the stem's, two a block, one a widening shortcut
