"""log-sum-exp over many keys, without its N x K similarities in memory.

A tile of anchors and keys at a time. The gradient for the anchors is the mean key under the softmax, which the same
pass collects (as FlashAttention does, Dao et al. 2022, arXiv:2205.14135), so a backward pass costs nothing; that for
the keys, where they are trained, takes a second pass. Sums are taken as they are where their size allows it, as that of
unit vectors does; else under a running maximum (Milakov and Gimelshein 2018, arXiv:1805.02867), which costs more.
`similarity.logits(...).logsumexp(1)` is the plain twin; tests/test_streaming.py holds one against the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import torch
from torch import Tensor

from anatomy.hardware.product import inner_products

# Numbers in a tile: 1 MB stays in a processor's cache, and a card wants enough work for each launch.
TILE = {"cpu": 2**18, "cuda": 2**25}
ROWS = 256  # of the anchors in a tile
LARGEST_LOGIT = 50  # of plain sums: exp(+-50) is 1e+-22, and float32 ends at 1e+-38
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
        pairs = _Pairs(anchor, keys, temperature, mine, theirs)
        parts = [_one_pass(pairs.of(rows), collect) for rows in _cuts(len(anchor), ROWS)]
        lse, mean_key = (torch.cat(part) for part in zip(*parts, strict=True))
        ctx.save_for_backward(anchor, keys, lse, mean_key, mine, theirs)
        ctx.temperature = temperature
        return lse

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:  # the same ctx
        anchor, keys, lse, mean_key, mine, theirs = ctx.saved_tensors
        scaled = gradient[:, None] / ctx.temperature
        to_keys = None
        if ctx.needs_input_grad[1]:
            weighted, to_keys = scaled * anchor, torch.zeros_like(keys)
            for rows, columns, logits in _Pairs(anchor, keys, ctx.temperature, mine, theirs).tiles():
                to_keys[columns] += inner_products(logits.sub_(lse[rows, None]).exp_().T, weighted[rows].T)
        return (scaled * mean_key if ctx.needs_input_grad[0] else None), to_keys, None, None, None, None


@dataclass(frozen=True)
class _Pairs:
    """Anchors [N, D] beside keys [K, D]; a pair whose numbers `mine` [N] and `theirs` [K] are equal is left out."""

    anchor: Tensor
    keys: Tensor
    temperature: float
    mine: Tensor | None
    theirs: Tensor | None

    def of(self, rows: slice) -> "_Pairs":
        return replace(self, anchor=self.anchor[rows], mine=_part(self.mine, rows))

    def tiles(self) -> Iterator[tuple[slice, slice, Tensor]]:
        """(which anchors, which keys, their logits) of each tile; who gets a tile may write over it."""
        cells = TILE.get(self.anchor.device.type, TILE["cpu"])
        for rows in _cuts(len(self.anchor), ROWS):
            some = self.of(rows)
            for columns in _cuts(len(self.keys), max(1, cells // len(some.anchor))):
                theirs = _part(self.theirs, columns)
                yield rows, columns, _logits(some.anchor, self.keys[columns], self.temperature, some.mine, theirs)


def _one_pass(pairs: _Pairs, collect: bool) -> tuple[Tensor, Tensor]:
    """log-sum-exp [N], and the mean key under the softmax [N, D]; without `collect`, zeros in its place."""
    # Not on a card, which would wait for the answer of `_in_range`.
    if pairs.anchor.device.type == "cpu" and LARGEST_LOGIT * pairs.temperature >= 1:
        total, sum_of_keys = _plain_sums(pairs, collect)
        if _in_range(total, len(pairs.keys)):
            return total.log().squeeze(1), sum_of_keys / total
    maximum, total, sum_of_keys = _sums_under_maximum(pairs, collect)
    return (maximum + total.log()).squeeze(1), sum_of_keys / total


def _plain_sums(pairs: _Pairs, collect: bool) -> tuple[Tensor, Tensor]:
    """Sum of exp(logit) [N, 1], and of exp(logit) x key [N, D]."""
    total, sum_of_keys = pairs.anchor.new_zeros(len(pairs.anchor), 1), torch.zeros_like(pairs.anchor)
    for rows, columns, logits in pairs.tiles():
        weights = logits.exp_()
        total[rows] += weights.sum(1, keepdim=True)
        if collect:
            sum_of_keys[rows] += inner_products(weights, pairs.keys[columns].T)
    return total, sum_of_keys


def _in_range(total: Tensor, keys: int) -> bool:
    """Whether plain sums have all their digits: none is infinite, and terms too small for the type would not count."""
    limits = torch.finfo(total.dtype)
    return bool(((total > keys * limits.tiny / limits.eps) & (total <= limits.max)).all())


def _sums_under_maximum(pairs: _Pairs, collect: bool) -> tuple[Tensor, Tensor, Tensor]:
    """The largest logit [N, 1], and the sums of `_plain_sums` divided by its exp."""
    # The lowest number and not minus infinity, so that a tile whose keys are all left out adds exp(-inf) = 0.
    maximum = pairs.anchor.new_full((len(pairs.anchor), 1), torch.finfo(pairs.anchor.dtype).min)
    total, sum_of_keys = torch.zeros_like(maximum), torch.zeros_like(pairs.anchor)
    for rows, columns, logits in pairs.tiles():
        higher = torch.maximum(maximum[rows], logits.amax(1, keepdim=True))
        weights, fade = logits.sub_(higher).exp_(), (maximum[rows] - higher).exp_()
        total[rows] = total[rows] * fade + weights.sum(1, keepdim=True)
        if collect:
            sum_of_keys[rows] = sum_of_keys[rows] * fade + inner_products(weights, pairs.keys[columns].T)
        maximum[rows] = higher
    return maximum, total, sum_of_keys


def _logits(anchor: Tensor, keys: Tensor, temperature: float, mine: Tensor | None, theirs: Tensor | None) -> Tensor:
    logits = inner_products(anchor / temperature, keys)
    if mine is None or theirs is None:
        return logits
    return logits.masked_fill_(mine[:, None] == theirs[None, :], -inf)


def _cuts(count: int, most: int) -> list[slice]:
    return [slice(at, at + most) for at in range(0, count, most)]


def _part(numbers: Tensor | None, at: slice) -> Tensor | None:
    return None if numbers is None else numbers[at]
