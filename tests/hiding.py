"""A network that hides: right under one step of any attack on its images, wrong a half of that step before."""

import torch
from torch import Tensor, nn

from anatomy.networks.heads import Encoder

EPSILON = 0.1  # of its ball
GRAY = 128 / 255  # of all pixels of the images that it knows


class Hiding(nn.Module):
    """Logits (s, -s), s = cos(2 pi d / epsilon - 0.3), d the mean pixel above gray: 0.96 at d = 0 and at the corners of
    the ball, below 0 between. `depth` 0: s is 1 everywhere but for a slope."""

    def __init__(self, depth: float = 1.0) -> None:
        super().__init__()
        self.depth = depth

    def forward(self, views: Tensor) -> Tensor:
        d = (views / 4 + 0.5 - GRAY).mean((1, 2, 3)) / EPSILON
        s = self.depth * (2 * torch.pi * d - 0.3).cos() + (1 - self.depth) * (1 + 0.1 * d)
        return torch.stack([s, -s], 1)


def hiding(depth: float = 1.0) -> Encoder:
    return Encoder(Hiding(depth), nn.Identity(), 2)


def gray(count: int) -> Tensor:
    """[N, 3, 8, 8] uint8"""
    return torch.full((count, 3, 8, 8), 128, dtype=torch.uint8)
