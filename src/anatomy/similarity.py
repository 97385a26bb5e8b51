"""Where similarities come from. What a loss does with them is `losses/`.

A similarity is an inner product of unit vectors, in [-1, 1], not yet divided by a temperature, and always float32
(or float64 where the embeddings are): under autocast `z @ z.T` would return bfloat16, which is an error of 0.04 in a
logit at T = 0.07.

A loss sees the negatives of N anchors only through `log_sum_exp`, so these are one thing to it:
  - a dense block: a tensor of similarities [N, K];
  - `Against(anchor, keys)`: K keys shared by all anchors, whose [N, K] similarities need not be stored;
  - a tuple of blocks, joined by logaddexp.
"""

from dataclasses import dataclass
from math import inf

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import normalize

from anatomy import streaming
from anatomy.errors import InputError


@dataclass(frozen=True)
class Against:
    """Negatives of N anchors that are the same K keys for each, such as a queue.

    `excluded` = (anchor_index [N], key_index [K]): a key with the anchor's own number is left out of its negatives.
    """

    anchor: Float[Tensor, "N D"]
    keys: Float[Tensor, "K D"]
    excluded: tuple[Int[Tensor, " N"], Int[Tensor, " K"]] | None = None

    def detach(self) -> "Against":
        return Against(self.anchor.detach(), self.keys.detach(), self.excluded)


Block = Float[Tensor, "N _"] | Against  # each block has its own K
LARGE = 2048  # images: from here on a batch's N x N similarities are not stored; in tiles they take no longer
Negatives = Block | tuple[Block, ...]


def unit(z: Float[Tensor, "N D"]) -> Float[Tensor, "N D"]:
    """Embeddings divided by their length. Called once, by the method, right after the encoder."""
    return normalize(z if z.dtype == torch.float64 else z.float(), dim=1)


def inner(a: Float[Tensor, "N D"], b: Float[Tensor, "K D"]) -> Float[Tensor, "N K"]:
    """All inner products, outside autocast (see the top of this file)."""
    with torch.autocast(a.device.type, enabled=False):
        return a @ b.T


def off_diagonal(square: Float[Tensor, "N N"]) -> Float[Tensor, "N K"]:
    """Each row without its diagonal entry, K = N - 1: removed, not masked, so nothing downstream meets an infinity."""
    n = len(square)
    # Behind the first entry, the diagonal is every (n + 1)-th: cut there, it stands in the last column.
    return square.flatten()[1:].view(n - 1, n + 1)[:, :-1].reshape(n, n - 1)


def in_batch(
    z1: Float[Tensor, "N D"],
    z2: Float[Tensor, "N D"],
    both_views: bool = False,
    labels: Int[Tensor, " N"] | None = None,
) -> tuple[Float[Tensor, " N"], Negatives]:
    """Anchors z1, positives z2 row by row; negatives are the other images' z2 and, with `both_views`, also their z1.

    K = N - 1 (SimCo, Zhang et al. 2022), or 2N - 2 with both views (SimCLR, Chen et al. 2020, equation 1). With
    `labels` no image of the anchor's class is a negative; some image must be of another.
    Both arguments are unit vectors. Returns the positive similarity [N] and the negatives, of a `LARGE` batch as
    `Against`, so that memory is linear in N. InputError if N is 1.
    """
    if len(z1) < 2:
        raise InputError("a batch of 1 image has no negatives; with negatives from the batch it must be 2 or more")
    if labels is not None or len(z1) >= LARGE:
        same = torch.arange(len(z1), device=z1.device) if labels is None else labels
        blocks = [Against(z1, z, (same, same)) for z in ((z2, z1) if both_views else (z2,))]
        return (z1 * z2).sum(1), tuple(blocks)
    across = inner(z1, z2)
    positive = across.diagonal()
    negatives = off_diagonal(across)
    return positive, (negatives, off_diagonal(inner(z1, z1))) if both_views else negatives


def against_queue(
    query: Float[Tensor, "N D"],
    key: Float[Tensor, "N D"],
    keys: Float[Tensor, "K D"],
    excluded: tuple[Int[Tensor, " N"], Int[Tensor, " K"]] | None = None,
) -> tuple[Float[Tensor, " N"], Against]:
    """Anchors `query`, positives `key` row by row, negatives the K keys of a queue (MoCo, He et al. 2020)."""
    return (query * key).sum(dim=1), Against(query, keys, excluded)


def against_own(query: Float[Tensor, "N D"], own: Float[Tensor, "N S D"]) -> Float[Tensor, "N S"]:
    """Similarities of each query to S negatives of its own, a dense block; outside autocast as all of them."""
    with torch.autocast(query.device.type, enabled=False):
        return torch.einsum("nd,nsd->ns", query, own)


def divided(
    positive: Float[Tensor, " N"], negatives: Negatives, temperature: Float[Tensor, " N"]
) -> tuple[Float[Tensor, " N"], Negatives]:
    """Similarities over a temperature for each anchor, through which a gradient flows: a loss then has temperature 1.

    Of `Against`, the anchors are divided: what is compared is no longer of unit length, and a sum over its keys may
    leave float32, which `streaming` sees and mends.
    """
    column = temperature[:, None]
    if isinstance(negatives, tuple):
        return positive / temperature, tuple(over(block, column) for block in negatives)
    return positive / temperature, over(negatives, column)


def over(block: Block, temperature: Float[Tensor, "N 1"]) -> Block:
    if isinstance(block, Tensor):
        return block / temperature
    return Against(block.anchor / temperature, block.keys, block.excluded)


def log_sum_exp(negatives: Negatives, temperature: float) -> Float[Tensor, " N"]:
    """log of the sum over all negatives of exp(similarity / temperature), for each anchor."""
    if isinstance(negatives, tuple):
        return torch.stack([log_sum_exp(block, temperature) for block in negatives]).logsumexp(dim=0)
    if isinstance(negatives, Against):
        with torch.autocast(negatives.anchor.device.type, enabled=False):
            return streaming.log_sum_exp(negatives.anchor, negatives.keys, temperature, negatives.excluded)
    return logits(negatives, temperature).logsumexp(dim=1)


def logits(block: Block, temperature: float) -> Float[Tensor, "N K"]:
    """Similarity / temperature of one block, dense; an excluded key has minus infinity, so it adds nothing to a sum."""
    if isinstance(block, Tensor):
        return block / temperature
    dense = inner(block.anchor, block.keys) / temperature
    if block.excluded is None:
        return dense
    anchor_index, key_index = block.excluded
    # After the division: minus infinity over an infinite temperature would be NaN.
    return dense.masked_fill(anchor_index[:, None] == key_index[None, :], -inf)


def log_count(negatives: Negatives) -> Float[Tensor, " N"]:
    """log of how many negatives each anchor has."""
    return log_sum_exp(detach(negatives), inf)


def mean_similarity(
    negatives: Negatives, temperature: float = inf, *, detach_weights: bool = False, square: bool = False
) -> Float[Tensor, " N"]:
    """Mean similarity (or its square) of each anchor's negatives, weighed by exp(similarity / temperature).

    Dense: of a queue, its N x K similarities are stored.
    """
    blocks = negatives if isinstance(negatives, tuple) else (negatives,)
    weight = torch.cat([logits(block, temperature) for block in blocks], 1).softmax(1)  # [N, K]; of an excluded key, 0
    similarity = torch.cat([logits(block, 1.0) for block in blocks], 1)
    similarity = similarity.masked_fill(similarity == -inf, 0)  # 0 x -inf would be NaN
    return ((weight.detach() if detach_weights else weight) * (similarity**2 if square else similarity)).sum(1)


def detach(negatives: Negatives) -> Negatives:
    """The same negatives, cut from the graph: what a method hands to recorders."""
    return tuple(block.detach() for block in negatives) if isinstance(negatives, tuple) else negatives.detach()
