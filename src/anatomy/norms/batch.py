"""Batch normalization. Ioffe and Szegedy 2015, arXiv:1502.03167."""

from torch import nn


def batch(channels: int) -> nn.BatchNorm2d:
    """torch's layer: eps 1e-5, running statistics with momentum 0.1 for evaluation."""
    return nn.BatchNorm2d(channels)
