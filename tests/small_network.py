"""Networks of one layer, as a user's own file: for tests to which it does not matter how many there are."""

from torch import nn


def small(norm, *, width: int = 8) -> nn.Module:
    """Convolution 3x3, norm, ReLU, average; F = width."""
    layers = [nn.Conv2d(3, width, 3, bias=False), norm(width), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    network = nn.Sequential(*layers)
    network.dimension = width
    return network


def of_torch(*, width: int = 8) -> nn.Module:
    """The same with torch's own norm. (What is ours is checked by jaxtyping in tests, which Dynamo traces too.)"""
    return small(nn.BatchNorm2d, width=width)
