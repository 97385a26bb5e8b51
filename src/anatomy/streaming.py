"""log-sum-exp over a queue, without its N x K similarities in memory.

A tile of keys at a time, with a running maximum (Milakov and Gimelshein 2018, arXiv:1805.02867). The gradient for the
anchors is the mean key under the softmax, which the same pass collects (as FlashAttention does, Dao et al. 2022,
arXiv:2205.14135), so a backward pass costs nothing. That for the keys, where they are trained, takes a second pass.
`similarity.logits(...).logsumexp(1)` is the plain twin; tests/test_streaming.py holds one against the other.
"""

from math import inf
from typing import Any

import torch
from torch import Tensor

# Numbers in a tile: 2 MB stay in a processor's cache, and a card wants enough work for each launch.
TILE = {"cpu": 2**19, "cuda": 2**25}
ROWS = 256  # of the anchors in a tile
Excluded = tuple[Tensor, Tensor] | None  # numbers of the anchors [N], and of the keys [K]: a pair of equals is left out


def log_sum_exp(anchor: Tensor, keys: Tensor, temperature: float, excluded: Excluded = None) -> Tensor:
    """log of the sum over keys [K, D] of exp(anchor . key / temperature), for each anchor [N, D]; memory O(N + K)."""
    mine, theirs = excluded or (None, None)
    result: Tensor = _LogSumExp.apply(anchor, keys, temperature, mine, theirs, torch.is_grad_enabled())
    return result


class _LogSumExp(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,  # torch's own, with what `forward` puts there
        anchor: Tensor,
        keys: Tensor,
        temperature: float,
        mine: Tensor | None,
        theirs: Tensor | None,
        grad: bool,
    ) -> Tensor:
        collect = grad and ctx.needs_input_grad[0]
        passes = (
            _one_pass(part, keys, temperature, _rows(mine, at), theirs, collect) for at, part in _split(anchor, ROWS)
        )
        lse, mean_key = (torch.cat(parts) for parts in zip(*passes, strict=True))
        ctx.save_for_backward(anchor, keys, lse, mean_key, mine, theirs)
        ctx.temperature = temperature
        return lse

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:  # the same ctx
        anchor, keys, lse, mean_key, mine, theirs = ctx.saved_tensors
        scaled = gradient[:, None] / ctx.temperature
        weighted = scaled * anchor
        to_keys = None
        if ctx.needs_input_grad[1]:
            to_keys = torch.cat(
                [
                    (_logits(anchor, part, ctx.temperature, mine, _rows(theirs, at)) - lse[:, None]).exp_().T @ weighted
                    for at, part in _split(keys, _width(anchor))
                ]
            )
        return (scaled * mean_key if ctx.needs_input_grad[0] else None), to_keys, None, None, None, None


def _one_pass(
    anchor: Tensor, keys: Tensor, temperature: float, mine: Tensor | None, theirs: Tensor | None, collect: bool
) -> tuple[Tensor, Tensor]:
    """log-sum-exp [N], and the mean key under the softmax [N, D]; without `collect`, zeros in its place."""
    # The lowest number and not minus infinity, so that a tile whose keys are all left out adds exp(-inf) = 0.
    maximum = anchor.new_full((len(anchor), 1), torch.finfo(anchor.dtype).min)
    total, sum_of_keys = torch.zeros_like(maximum), torch.zeros_like(anchor)
    for at, part in _split(keys, _width(anchor)):
        logits = _logits(anchor, part, temperature, mine, _rows(theirs, at))
        higher = torch.maximum(maximum, logits.amax(1, keepdim=True))
        weights, fade = logits.sub_(higher).exp_(), (maximum - higher).exp_()
        total = total * fade + weights.sum(1, keepdim=True)
        if collect:
            sum_of_keys = torch.addmm(sum_of_keys.mul_(fade), weights, part)
        maximum = higher
    return (maximum + total.log()).squeeze(1), sum_of_keys / total


def _logits(anchor: Tensor, keys: Tensor, temperature: float, mine: Tensor | None, theirs: Tensor | None) -> Tensor:
    logits = (anchor / temperature) @ keys.T
    if mine is None or theirs is None:
        return logits
    return logits.masked_fill_(mine[:, None] == theirs[None, :], -inf)


def _width(anchor: Tensor) -> int:
    """Keys in a tile."""
    return max(1, TILE.get(anchor.device.type, TILE["cpu"]) // len(anchor))


def _split(rows: Tensor, count: int) -> list[tuple[slice, Tensor]]:
    return [(slice(at, at + count), rows[at : at + count]) for at in range(0, len(rows), count)]


def _rows(numbers: Tensor | None, at: slice) -> Tensor | None:
    return None if numbers is None else numbers[at]
