"""No normalization is the bias that a convolution before a norm does without."""

import torch
from torch import nn

from anatomy.runs import parts


def test_it_starts_as_nothing(generator: torch.Generator) -> None:
    x = torch.randn(4, 8, 3, 3, generator=generator)
    assert torch.equal(parts.load("norm", "none")(8)(x), x)


def test_it_is_a_convolutions_bias(generator: torch.Generator) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        convolution = nn.Conv2d(3, 8, 3)
    x, layer = torch.randn(2, 3, 5, 5, generator=generator), parts.load("norm", "none")(8)
    with torch.no_grad():
        layer.bias.copy_(convolution.bias[:, None, None])
    bare = nn.functional.conv2d(x, convolution.weight)
    torch.testing.assert_close(layer(bare), convolution(x))
