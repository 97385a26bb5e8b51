"""A step as recorders see it: mixed negatives, synthetic ones beside them, a queue that is not yet full."""

from collections.abc import Callable

import pytest
import torch

from anatomy.similarity import Against, unit
from anatomy.step import Method, StepOutput

N, K = 5, 12
LABELS = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 2, 0])  # of ten images
INDEX = torch.tensor([3, 1, 4, 8, 0])
QUEUE_INDEX = torch.tensor([0, 9, 2, 5, 7, 1, 3, 6, -1, 8, 4, -1])  # two keys of the random start


@pytest.fixture
def labels() -> torch.Tensor:
    return LABELS


@pytest.fixture
def watch(generator: torch.Generator) -> dict:
    query, key, queue, other = (unit(torch.randn(n, 4, generator=generator, dtype=torch.float64)) for n in (N, N, K, K))
    mixed = Against(1.2 * query, 0.8 * other)
    own = torch.rand(N, 2, generator=generator, dtype=torch.float64)
    positive = (query * key).sum(1) - 0.3
    return {"positive": positive, "negatives": (mixed, own), "z_1": query, "z_2": key, "queue": queue,
            "index": INDEX, "queue_index": QUEUE_INDEX}  # fmt: skip


def record(recorder, watch: dict, step: int = 7) -> dict[str, list[float]]:
    recorder.after_backward(step, StepOutput(torch.zeros(()), watch), Method())
    recorder.rows.fetch()
    return recorder.rows.table()


@pytest.fixture
def recorded() -> Callable[..., dict[str, list[float]]]:
    """The table of a recorder after one more step."""
    return record
