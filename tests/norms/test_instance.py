"""Instance normalization is a group for each channel."""

import torch
from torch.nn.functional import instance_norm

from anatomy.runs import parts


def test_it_is_torchs_function(generator: torch.Generator) -> None:
    x = torch.randn(4, 8, 3, 3, generator=generator, dtype=torch.float64)
    torch.testing.assert_close(parts.load("norm", "instance")(8).double()(x), instance_norm(x))


def test_it_has_a_group_a_channel_and_an_affine_map() -> None:
    layer = parts.load("norm", "instance")(8)
    assert layer.num_groups == 8
    assert layer.affine
