"""Batch-channel normalization: a batch normalization, then a group normalization of its output.

Qiao et al. 2019, arXiv:1911.09738; joe-siyuan-qiao/Batch-Channel-Normalization (imagenet/models/layers.py). The order
is the reverse of GN+'s, nothing is mixed, and the affine map behind the groups is per group. The authors' networks have
standardized convolutions with it: `standardize` of a backbone.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import group_norm

from anatomy.memory_order import in_order_of
from anatomy.norms import dividing
from anatomy.norms.batch import Batch
from anatomy.quantities import Count, Share


class BatchChannel(nn.Module):
    """y = w_g GN(x_b) + b_g, where x_b is BatchNorm of x, or (`estimate`) its form for batches of a few images."""

    def __init__(self, channels: int, *, groups: Count = 32, estimate: bool = False, moving_speed: Share = 0.1) -> None:
        super().__init__()
        self.first = Estimate(channels, moving_speed) if estimate else Batch(channels)
        self.groups = dividing(groups, channels)
        self.weight, self.bias = nn.Parameter(torch.ones(groups)), nn.Parameter(torch.zeros(groups))

    def forward(self, x: Tensor) -> Tensor:
        h = self.first(x.contiguous())  # [N, C, H, W]; see norms/group.py
        size = x.shape[1] // self.groups
        weight, bias = (p.repeat_interleave(size) for p in (self.weight, self.bias))  # [C]
        return in_order_of(x, group_norm(h, self.groups, weight, bias).to(x.dtype))


class Estimate(nn.Module):
    """Batch normalization by slowly moving estimates, in training too; no gradient flows through them.

    mu <- (1 - m) mu + m mean(x), v <- (1 - m) v + m mean((x - mu_old)^2), y = w (x - mu) / sqrt(v + eps) + b.
    The moving speed m is set from outside in the authors' code; 0.1 is ours.
    """

    def __init__(self, channels: int, moving_speed: float) -> None:
        super().__init__()
        self.speed = moving_speed
        self.mean: Tensor
        self.variance: Tensor
        self.register_buffer("mean", torch.zeros(channels, 1, 1))
        self.register_buffer("variance", torch.ones(channels, 1, 1))
        self.weight, self.bias = nn.Parameter(torch.ones(channels, 1, 1)), nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            self.follow(x.detach().to(self.mean.dtype))
        mean = self.mean.clone()  # the next view moves the estimates before the gradient of this one has been taken
        scale = self.weight * (self.variance + 1e-5).rsqrt()
        return torch.addcmul((self.bias - mean * scale).to(x.dtype), scale.to(x.dtype), x)

    def follow(self, x: Tensor) -> None:
        over, old = (0, 2, 3), self.mean.clone()
        self.mean.lerp_(x.mean(over)[:, None, None], self.speed)
        self.variance.lerp_((x - old).square().mean(over)[:, None, None], self.speed)
