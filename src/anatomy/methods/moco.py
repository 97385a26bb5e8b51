"""MoCo, and the family that differs from it in its options alone. He et al. 2020, arXiv:1911.05722, Algorithm 1.

MoCo v2, SimMoCo, SimCo and SimCLR are this module under other options: who encodes the keys, where negatives come from,
how many terms the loss has. Each is a file of five lines beside this one, with its source.
"""

from copy import deepcopy
from inspect import signature

import torch
from torch import Generator, Tensor, nn

from anatomy.errors import InputError
from anatomy.networks.heads import Encoder
from anatomy.quantities import Count, Share, Whole
from anatomy.similarity import Against, Negatives, against_own, against_queue, detach, in_batch, unit
from anatomy.step import Batch, Loss, Method, StepOutput, Watch
from anatomy.transforms import Features, Transform
from anatomy.transforms.none import none


class MoCo(Method):
    """Contrast an anchor with the other view of its image (positive) and with other images (negatives).

    momentum      kept share of the momentum encoder that makes the keys; None: the encoder makes them itself
    queue_size    K keys of earlier batches as negatives; 0: the other images of the batch
    symmetric     also contrast view 2 with the keys of view 1, and average the two terms
    detach_keys   no gradient through the keys (always so for a momentum encoder)
    both_views    in the batch, both views of the other images are negatives, K = 2N - 2 (SimCLR), not one, K = N - 1
    queue_skip    leave out so many of the newest keys: negatives of a greater age, at the same K
    skip_from     epochs before it does: by then a long queue has lost the random keys of its start
    queue_size_inter  a second dictionary for the weights of a loss that takes `negatives_inter` (dual temperature)
    exclude_own   an older key of the anchor's own image is no negative (a queue longer than an epoch holds one each);
                  of mixed keys, that which took the place of it
    transform_from  epochs before the transform begins
    oracle        labels in hand, no other image of the anchor's class is a negative: a bound for what can be gained

    `loss` is any function (positive [N], negatives) -> [N] in nats, its temperatures already bound. `transform` changes
    query, key and queue before they are compared (transforms/); what is stored in the queue are the keys themselves.
    """

    views = 2

    def __init__(
        self,
        encoder: Encoder,
        loss: Loss,
        generator: Generator,
        transform: Transform = none,
        *,
        momentum: Share | None = 0.999,
        queue_size: Whole = 65536,
        symmetric: bool = False,
        detach_keys: bool = True,
        both_views: bool = False,
        queue_skip: Whole = 0,
        skip_from: Whole = 0,
        queue_size_inter: Count | None = None,
        exclude_own: bool = False,
        transform_from: Whole = 0,
        oracle: bool = False,
    ) -> None:
        super().__init__()
        if oracle and queue_size:
            raise InputError(f"oracle needs labels, but queue_size is {queue_size} and a queue has none; try 0")
        if not queue_size and (queue_skip or queue_size_inter or exclude_own or transform is not none):
            raise InputError(
                "queue_skip, queue_size_inter, exclude_own and a transform need a queue, but queue_size is 0; try 4096"
            )
        if queue_size_inter and "negatives_inter" not in signature(loss).parameters:
            raise InputError(
                f"queue_size_inter is {queue_size_inter}, but the loss has one dictionary; try dual_temperature"
            )
        self.encoder, self.loss, self.momentum = encoder, loss, momentum
        self.transform, self.transform_from = transform, transform_from
        self.symmetric, self.detach_keys, self.both_views = symmetric, detach_keys, both_views
        # A copy, so that keys and queries start equal (the authors' code; a head made anew would not).
        self.momentum_encoder = None if momentum is None else deepcopy(encoder).requires_grad_(False)
        self.queue_size, self.queue_skip, self.queue_size_inter = queue_size, queue_skip, queue_size_inter
        self.skip_from, self.exclude_own, self.oracle = skip_from, exclude_own, oracle
        held = max(queue_skip + queue_size, queue_size_inter or 0) if queue_size else 0
        self.queue = Queue(held, encoder.dimension, generator) if held else None

    def check_data(self, images: int, classes: int) -> None:
        if self.oracle and classes < 2:
            raise InputError(
                "oracle leaves out negatives of the anchor's class, but all images are of one; leave it out"
            )

    def forward(self, batch: Batch) -> StepOutput:
        view_1, view_2 = batch.views  # [N, 3, H, W] each
        z_1 = unit(self.encoder(view_1))  # [N, D]
        key_2 = self.key(view_2)  # [N, D]
        loss, watch = self.contrast(z_1, key_2, batch)
        if self.symmetric:
            # Without a momentum encoder the two branches are one: the keys are the embeddings just made.
            shared = self.momentum_encoder is None and not self.detach_keys
            z_2, key_1 = (key_2, z_1) if shared else (unit(self.encoder(view_2)), self.key(view_1))
            loss = (loss + self.contrast(z_2, key_1, batch)[0]) / 2
        watch |= {"z_1": z_1.detach(), "z_2": key_2.detach(), "index": batch.index}
        return StepOutput(loss, watch, keep={"keys": key_2.detach(), "index": batch.index})

    def key(self, view: Tensor) -> Tensor:
        """Unit embedding [N, D] of the branch that is contrasted with."""
        if self.momentum_encoder is not None:
            with torch.no_grad():
                return unit(self.momentum_encoder(view))
        key = unit(self.encoder(view))
        return key.detach() if self.detach_keys else key

    def contrast(self, anchor: Tensor, key: Tensor, batch: Batch) -> tuple[Tensor, Watch]:
        """Mean loss in nats, and what may be watched: the similarities it was made of, the queue as it is stored."""
        if self.queue is None:
            positive, negatives = in_batch(anchor, key, self.both_views, batch.labels if self.oracle else None)
            loss = self.loss(positive, negatives).mean()
            return loss, {"positive": positive.detach(), "negatives": detach(negatives)}
        keys, ids = self.queue.newest(self.skipped(batch), self.queue_size)
        positive, negatives = self.compare(self.transformed(anchor, key, keys, batch), ids, batch)
        loss = self.loss(positive, negatives, **self.second_dictionary(anchor, batch)).mean()
        stored: Watch = {"queue": keys, "queue_index": ids}
        return loss, {"positive": positive.detach(), "negatives": detach(negatives), **stored}

    def after_step(self, output: StepOutput) -> None:
        # After the optimizer's step, as in Algorithm 1, and after the loss: a key enqueued earlier would also be a
        # negative of its own query. (The authors' code moves the encoder before it makes keys; the keys are the same.)
        if self.momentum_encoder is not None and self.momentum is not None:
            move_towards(self.momentum_encoder, self.encoder, self.momentum)
        if self.queue is not None:
            self.queue.enqueue(output.keep["keys"], output.keep["index"])

    # Beside Algorithm 1: what the options add, nothing at their defaults.

    def transformed(self, query: Tensor, key: Tensor, keys: Tensor, batch: Batch) -> Features:
        transform = self.transform if batch.epoch >= self.transform_from else none
        return transform(query, key, keys, batch.generator)

    def skipped(self, batch: Batch) -> int:
        return self.queue_skip if batch.epoch >= self.skip_from else 0

    def compare(self, seen: Features, ids: Tensor, batch: Batch) -> tuple[Tensor, Negatives]:
        """Positive [N] and negatives: the queue's keys, and a transform's synthetic ones as blocks of their own."""
        positive, queued = against_queue(seen.query, seen.key, seen.queue, self.excluded(ids, batch))
        own = [against_own(seen.query, kind) for kind in seen.synthetic]
        return positive, (queued, *own) if own else queued

    def excluded(self, ids: Tensor, batch: Batch) -> tuple[Tensor, Tensor] | None:
        return (batch.index, ids) if self.exclude_own else None

    def second_dictionary(self, anchor: Tensor, batch: Batch) -> dict[str, Negatives]:
        """What the weights of dual temperature are made of, where it is not the first dictionary."""
        if self.queue is None or self.queue_size_inter is None:
            return {}
        keys, ids = self.queue.newest(0, self.queue_size_inter)
        return {"negatives_inter": Against(anchor.detach(), keys, self.excluded(ids, batch))}


class Queue(nn.Module):
    """The last K keys, first in, first out. It starts with random unit vectors (facebookresearch/moco, builder.py)."""

    def __init__(self, size: int, dimension: int, generator: Generator) -> None:
        super().__init__()
        self.keys: Tensor
        self.index: Tensor
        self.position: Tensor
        self.register_buffer("keys", unit(torch.randn(size, dimension, generator=generator)))  # [K, D]
        # The image that a key is of; -1 for the random keys of the start, which are of none.
        self.register_buffer("index", torch.full((size,), -1))
        self.register_buffer("position", torch.zeros((), dtype=torch.int64))

    @torch.no_grad()
    def newest(self, skip: int, count: int) -> tuple[Tensor, Tensor]:
        """`count` keys [count, D] and their images [count], after the `skip` newest; all of them in stored order."""
        if count == len(self.keys):
            return self.keys, self.index  # no copy in the usual case: the order of negatives does not matter
        ages = torch.arange(skip + 1, skip + count + 1, device=self.keys.device)
        slots = (self.position - ages) % len(self.keys)
        return self.keys[slots], self.index[slots]

    @torch.no_grad()
    def enqueue(self, keys: Tensor, index: Tensor) -> None:
        """Replace the oldest by these [N, D]; N need not divide K, and of more than K keys the last K stay."""
        size = len(self.keys)
        slots = (self.position + torch.arange(len(keys), device=keys.device)) % size
        self.keys[slots[-size:]] = keys[-size:].to(self.keys.dtype)
        self.index[slots[-size:]] = index[-size:]
        self.position.copy_((self.position + len(keys)) % size)


@torch.no_grad()
def move_towards(slow: nn.Module, fast: nn.Module, momentum: float) -> None:
    """slow = momentum x slow + (1 - momentum) x fast, for parameters; each keeps its own BatchNorm statistics.

    The buffers are left alone as in facebookresearch/moco: the key encoder's follow the batches that it sees.
    """
    pairs = list(zip(slow.parameters(), fast.parameters(), strict=True))
    torch._foreach_lerp_([s for s, _ in pairs], [f for _, f in pairs], 1 - momentum)
