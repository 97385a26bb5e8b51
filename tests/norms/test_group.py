"""Group normalization is torch's own layer, in the memory layout that suits it."""

import torch
from torch import nn

from anatomy.runs import parts


def test_it_is_torchs_layer(generator: torch.Generator) -> None:
    layer, torchs = parts.load("norm", "group")(8, groups=4), nn.GroupNorm(4, 8)
    x = torch.randn(4, 8, 3, 3, generator=generator)
    assert torch.equal(layer(x), torchs(x))
    assert layer.eps == 1e-5


def test_it_hands_torch_a_contiguous_map(generator: torch.Generator, monkeypatch) -> None:
    """In bfloat16 torch is ten times slower on the other."""
    seen = []
    kernel = nn.functional.group_norm
    monkeypatch.setattr(
        nn.functional, "group_norm", lambda x, *rest: seen.append(x.is_contiguous()) or kernel(x, *rest)
    )
    x = torch.randn(2, 8, 3, 3, generator=generator).contiguous(memory_format=torch.channels_last)
    parts.load("norm", "group")(8, groups=4)(x)
    assert seen == [True]
