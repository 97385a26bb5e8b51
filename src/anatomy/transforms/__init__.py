"""What happens to features between encoder and similarity: one transformation a file.

A transform is a function (query [N, D], key [N, D], queue [K, D], generator, *, options) -> Features. What it returns
serves one comparison: the queue that a method stores, and the keys that it will store, stay as they are.
Zhu et al. 2021, arXiv:2108.02982, is the source of the idea; the formulas are those of the authors' code
(DTennant/CL-Visualizing-Feature-Transformation), as far as nothing else is said.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Generator, Tensor
from torch.nn.functional import normalize

from anatomy.hardware.device import move


class Features(NamedTuple):
    """What is compared. `synthetic`: further negatives of each query, one tensor a kind, each a block of its own."""

    query: Float[Tensor, "N D"]
    key: Float[Tensor, "N D"]
    queue: Float[Tensor, "K D"]
    synthetic: tuple[Float[Tensor, "N _ D"], ...] = ()


# Its options bound: query, key, queue and a generator in.
Transform = Callable[[Tensor, Tensor, Tensor, Generator | None], Features]


def draw_shares(features: Tensor, alpha: float, per_dimension: bool, generator: Generator | None) -> Tensor:
    """lambda ~ Beta(alpha, alpha), in [0, 1]: one for all of `features` [R, D], or one for each row and dimension.

    As two gamma variables, since torch's Beta takes no generator. Drawn on the CPU: one stream for every device.
    """
    shape = tuple(features.shape) if per_dimension else ()
    one, other = (torch._standard_gamma(torch.full(shape, alpha), generator=generator) for _ in range(2))
    return move((one / (one + other)).to(features.dtype), features.device)


def draw_uniform(features: Tensor, generator: Generator | None) -> Float[Tensor, "R 1"]:
    """One number of U(0, 1) for each row of `features` [R, D]; drawn on the CPU, as all."""
    return move(torch.rand(len(features), 1, generator=generator).to(features.dtype), features.device)


def mix_positives(query: Tensor, key: Tensor, share: Tensor, renormalize: bool = False) -> tuple[Tensor, Tensor]:
    """q^ = lambda q + (1 - lambda) k and k^ = lambda k + (1 - lambda) q, [N, D] each; unit only with `renormalize`.

    With one lambda, 1 - q^.k^ = c (1 - q.k) where c = lambda^2 + (1 - lambda)^2: the distance of the positive times c.
    """
    mixed = query.lerp(key, 1 - share), key.lerp(query, 1 - share)
    return (normalize(mixed[0], dim=1), normalize(mixed[1], dim=1)) if renormalize else mixed
