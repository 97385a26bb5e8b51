"""Layer normalization is one group of all channels."""

import torch
from torch.nn.functional import layer_norm

from anatomy.runs import parts


def test_it_is_torchs_function_over_channels_and_pixels(generator: torch.Generator) -> None:
    x = torch.randn(4, 8, 3, 3, generator=generator, dtype=torch.float64)
    torch.testing.assert_close(parts.load("norm", "layer")(8).double()(x), layer_norm(x, x.shape[1:]))


def test_it_has_one_group() -> None:
    assert parts.load("norm", "layer")(8).num_groups == 1
