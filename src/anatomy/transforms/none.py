"""No transformation."""

from torch import Generator, Tensor

from anatomy.transforms import Features


def none(query: Tensor, key: Tensor, queue: Tensor, generator: Generator | None) -> Features:
    """Query [N, D], key [N, D] and queue [K, D] as they are, and no further negatives."""
    return Features(query, key, queue)
