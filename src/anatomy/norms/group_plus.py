"""GN+: a learned mix of group statistics and batch statistics.

Agus Gunawan's repository agusgun/CS-570-Project; Gunawan et al. 2022, arXiv:2207.01972, whose text we could not read,
may differ. There are three forms; the one that the authors call Group Norm Plus is "group_first".
"""

from math import sqrt
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import group_norm

from anatomy.memory_order import in_order_of
from anatomy.norms import dividing, several
from anatomy.quantities import Count

EPS = 1e-5  # the authors add it to the deviation; here it stands under the root, as in torch's layers
MOMENTUM = 0.1  # of running statistics: torch's


class GroupPlus(nn.Module):
    """y = gamma_c (s a + (1 - s) b) + beta_c, with s = sigmoid(l), l one number a layer that starts at 1.

    a is x by the statistics of its group, b by those of the batch; deviations are unbiased, as in the authors' code.
    order        what goes into b and a: x and then a (group_first), b's result into a (batch_first), x into both
    per_channel  b's statistics over images and pixels, as in BatchNorm; the authors': over images, for each pixel
    running      b has running statistics for evaluation; the authors' takes those of the test batch
    The last two are our repairs. Without them a prediction depends on the other images of its test batch.
    """

    def __init__(
        self,
        channels: int,
        *,
        groups: Count = 32,
        order: Literal["group_first", "batch_first", "parallel"] = "group_first",
        per_channel: bool = False,
        running: bool = False,
    ) -> None:
        super().__init__()
        self.groups, self.order = dividing(groups, channels), order
        self.per_channel, self.running = per_channel, running
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.balance = nn.Parameter(torch.ones(()))
        self.running_mean: Tensor
        self.running_var: Tensor
        if running:
            # Per pixel they have the size of the map, which only the first batch tells.
            start = torch.zeros(channels, 1, 1) if per_channel else torch.zeros(channels, 0, 0)
            self.register_buffer("running_mean", start)
            self.register_buffer("running_var", torch.ones_like(start))

    def forward(self, x: Tensor) -> Tensor:
        given, x = x, x.contiguous()  # [N, C, H, W]; see norms/group.py
        if self.order == "batch_first":
            b = self.by_batch(x)
            a = self.by_group(b)
        else:
            a = self.by_group(x)
            b = self.by_batch(a if self.order == "group_first" else x)
        mixed = torch.lerp(b, a, self.balance.sigmoid().to(a.dtype))
        weight, bias = (p[:, None, None].to(a.dtype) for p in (self.weight, self.bias))
        return in_order_of(given, torch.addcmul(bias, weight, mixed))

    def by_group(self, x: Tensor) -> Tensor:
        """(x - mean) / deviation over the pixels and the channels of a group, one of each for an image and group."""
        count = x[0].numel() // self.groups
        share = (count - 1) / count  # torch's variance is biased: n - 1 over n of the unbiased
        gain = self.weight.new_full((len(self.weight),), sqrt(share))
        return group_norm(x, self.groups, gain, eps=EPS * share).to(x.dtype)  # see norms/group.py

    def by_batch(self, x: Tensor) -> Tensor:
        """(x - mean) / deviation over the images (and the pixels, if per channel)."""
        with torch.autocast(x.device.type, enabled=False):  # on a GPU it would make a part of this float32
            return self.by_running(x) if self.running and not self.training else self.by_own(x)

    def by_running(self, x: Tensor) -> Tensor:
        return (x - self.running_mean.to(x.dtype)) * (self.running_var + EPS).rsqrt().to(x.dtype)

    def by_own(self, x: Tensor) -> Tensor:
        over = (0, 2, 3) if self.per_channel else (0,)
        mean = several(x).mean(over, keepdim=True)
        centered = x - mean
        biased = centered.square().mean(over, keepdim=True)
        count = x.numel() // mean.numel()
        variance = biased * (count / (count - 1))
        if self.running:
            self.follow(mean.detach()[0], variance.detach()[0])
        return centered * (variance + EPS).rsqrt()

    @torch.no_grad()
    def follow(self, mean: Tensor, variance: Tensor) -> None:
        """Move the running statistics a tenth of the way to the batch's."""
        for running, seen, start in ((self.running_mean, mean, 0.0), (self.running_var, variance, 1.0)):
            if not running.numel():
                running.resize_(seen.shape).fill_(start)
            running.lerp_(seen.to(running.dtype), MOMENTUM)

    def _load_from_state_dict(self, state_dict: dict[str, Tensor], prefix: str, *rest: object) -> None:
        """Statistics per pixel of a network that has seen maps, into one that has not."""
        for name in ("running_mean", "running_var"):
            if f"{prefix}{name}" in state_dict and self.running:
                getattr(self, name).resize_(state_dict[f"{prefix}{name}"].shape)
        super()._load_from_state_dict(state_dict, prefix, *rest)
