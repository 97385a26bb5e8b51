"""Networks small enough to know what an attack must find, in float64, and images in [0, 1]."""

import pytest
import torch
from torch import Tensor, nn

CLASSES = 4


class Tools:
    """With pytest's importlib mode, test files cannot import each other."""

    @staticmethod
    def smooth(seed: int = 0) -> nn.Module:
        """[N, 3, 4, 4] -> [N, 4] logits, without a kink."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return nn.Sequential(nn.Flatten(), nn.Linear(48, 16), nn.Tanh(), nn.Linear(16, CLASSES)).double()

    @staticmethod
    def binary(seed: int = 0) -> nn.Module:
        """A logistic model: logits 0 and w x."""
        weights = torch.randn(48, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)

        class Logistic(nn.Module):
            def forward(self, pixels: Tensor) -> Tensor:
                score = pixels.flatten(1) @ weights
                return torch.stack([torch.zeros_like(score), score], 1)

        return Logistic()

    @staticmethod
    def images(count: int = 6, low: float = 0.0, high: float = 1.0, seed: int = 0) -> Tensor:
        drawn = torch.rand(count, 3, 4, 4, generator=torch.Generator().manual_seed(100 + seed), dtype=torch.float64)
        return low + (high - low) * drawn

    @staticmethod
    def labels(count: int = 6, classes: int = CLASSES) -> Tensor:
        return torch.arange(count) % classes

    @staticmethod
    def generator(seed: int = 0) -> torch.Generator:
        return torch.Generator().manual_seed(seed)


@pytest.fixture
def tools() -> Tools:
    return Tools()
