"""Queries, keys and a queue for the transforms: at random, or basis vectors, where a mixture shows its parts."""

import pytest
import torch
from torch import Tensor

from anatomy.similarity import unit

K = 12


@pytest.fixture
def features(generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    return tuple(unit(torch.randn(n, 8, generator=generator, dtype=torch.float64)) for n in (6, 6, 11))


@pytest.fixture
def on_axes(generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Four queries and keys; twelve keys e_1 ... e_12, the queue."""
    query, key = (unit(torch.randn(4, K, generator=generator, dtype=torch.float64)) for _ in range(2))
    return query, key, torch.eye(K, dtype=torch.float64)
