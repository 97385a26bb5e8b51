"""No transformation."""

from torch import Tensor


def none(query: Tensor, key: Tensor, queue: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
    """Query [N, D], key [N, D] and queue [K, D] as they are, and no further negatives."""
    return query, key, queue, None
