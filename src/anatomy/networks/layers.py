"""Layers that act together with normalization: a convolution with standardized weights, and noise."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

from anatomy.norms import dividing

Norm = Callable[[int], nn.Module]  # channels -> normalization layer


class StandardizedConv2d(nn.Conv2d):
    """Weight standardization: the weights of each output channel have mean 0 and deviation 1 over its inputs.

    Qiao et al. 2019, arXiv:1903.10520; joe-siyuan-qiao/WeightStandardization (unbiased deviation, 1e-5 added to it).
    The gradient flows through it. For convolutions before a norm, to which their scale means nothing.
    """

    def standardized(self) -> Tensor:
        deviation, mean = torch.std_mean(self.weight, (1, 2, 3), keepdim=True)
        return (self.weight - mean) / (deviation + 1e-5)  # [C_out, C_in, k, k]

    def forward(self, x: Tensor) -> Tensor:
        weight = self.standardized().contiguous(memory_format=torch.channels_last)
        return conv2d(x, weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class Noise(nn.Module):
    """Adds one Gaussian number to all pixels and channels of a group of an image, in training only; drawn each step.

    The perturbation of agusgun/CS-570-Project; there it stands behind each normalization layer, with 32 groups.
    """

    def __init__(self, channels: int, mean: float, deviation: float, groups: int) -> None:
        super().__init__()
        self.mean, self.deviation, self.groups = mean, deviation, dividing(groups, channels)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        noise = torch.randn(len(x), self.groups, 1, 1, device=x.device, dtype=x.dtype) * self.deviation + self.mean
        return x + noise.repeat_interleave(x.shape[1] // self.groups, 1)


def noisy(norm: Norm, mean: float, deviation: float, groups: int) -> Norm:
    """The norm, with noise behind each of its layers; the norm itself where there is none."""
    if mean == deviation == 0:
        return norm
    return lambda channels: nn.Sequential(norm(channels), Noise(channels, mean, deviation, groups))
