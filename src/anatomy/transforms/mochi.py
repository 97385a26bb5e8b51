"""Mixing of the hardest negatives, MoCHi. Kalantidis et al. 2020, arXiv:2010.01028.

The paper's text was not at hand: the formulas are those of davidsvy/hard-negative-mixing, which is not the authors'.
"""

import torch
from torch import Generator, Tensor
from torch.nn.functional import normalize

from anatomy.hardware.device import move
from anatomy.quantities import Count, Whole
from anatomy.similarity import inner
from anatomy.transforms import Features


def mochi(
    query: Tensor,
    key: Tensor,
    queue: Tensor,
    generator: Generator | None,
    *,
    hardest: Count = 1024,
    of_two: Whole = 1024,
    with_query: Whole = 128,
) -> Features:
    """Beside all K keys [K, D], synthetic ones [N, S, D] from the `hardest` of each query: unit, and without gradient.

    The first kind lies between two of the hardest, a n_i + (1 - a) n_j with a ~ U(0, 1); the second between one of them
    and the query, b q + (1 - b) n_j with b ~ U(0, 1/2). MoCHi (N, s, s') is (hardest, of_two, with_query).
    """
    with torch.no_grad():
        nearest = inner(query, queue).topk(min(hardest, len(queue)), dim=1).indices  # [N, hardest]

        def some(count: int) -> Tensor:
            """`count` of each query's own hardest [N, count, D]; two draws may meet the same key."""
            rank = torch.randint(nearest.shape[1], (len(query), count), generator=generator)
            return queue[nearest.gather(1, move(rank, queue.device))]

        def share(count: int, largest: float) -> Tensor:
            drawn = largest * torch.rand(len(query), count, 1, generator=generator)
            return move(drawn.to(queue.dtype), queue.device)

        first = some(of_two).lerp(some(of_two), share(of_two, 1.0))
        second = some(with_query).lerp(query[:, None], share(with_query, 0.5))
        return Features(query, key, queue, tuple(normalize(kind, dim=2) for kind in (first, second) if kind.shape[1]))
