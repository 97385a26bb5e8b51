"""The loss beside lightly's NTXentLoss: with a queue (its memory bank), and in a large batch; time and peak memory."""

from collections.abc import Callable

import torch
from lightly.loss import NTXentLoss
from torch import Tensor

from anatomy.losses.info_nce import info_nce
from anatomy.similarity import against_queue, in_batch, unit
from measuring import Beside, Curve, Work, beside, cpu_seconds, curve, peak_mb, share

TEMPERATURE, D, N, K = 0.1, 128, 256, 65_536
LARGE = 4096  # images of a batch whose 8,192 x 8,191 similarities lightly stores
CURVE = [2**power for power in range(10, 21, 2)]  # negatives of the curve


def measured(rounds: int) -> list[Beside]:
    """Forward and backward to the embeddings: a queue of K keys; a batch of 4,096 images, both views anchors.

    Ours multiplies anchors by keys, and weights by keys; where keys are trained too, both once more.
    """
    queue, batch = 2 * N * K, 4 * (2 * LARGE) ** 2
    return [
        row(f"InfoNCE, {N} anchors against a queue of {K:,}", lightly_queue(K), our_queue(K), rounds, queue),
        row(f"NT-Xent in a batch of {LARGE:,}", lightly_batch(LARGE), our_batch(LARGE), rounds, batch),
    ]


def row(what: str, theirs: Work, ours: Work, rounds: int, products: int) -> Beside:
    """With peak memory, and the share of the core's peak; `products`: how many inner products ours takes."""
    found = beside(what, theirs, ours, rounds)
    found["share"] = share(2 * D * products, found["ours"])
    peaks = {"lightly_mb": peak_mb(theirs), "ours_mb": peak_mb(ours)}
    return found | {name: peak for name, peak in peaks.items() if peak is not None}


def curves() -> list[Curve]:
    """Seconds and MB of our loss over the number of keys."""
    works = {keys: our_queue(keys) for keys in CURVE}
    times = [(keys, min(cpu_seconds(work, warm_up=True) for _ in range(2))) for keys, work in works.items()]
    found = [curve(f"InfoNCE of {N} anchors against a queue", "keys", "CPU seconds", times)]
    peaks = [(keys, peak) for keys, work in works.items() if (peak := peak_mb(work))]
    return found + ([curve("its memory beside the queue", "keys", "MB", peaks)] if len(peaks) > 1 else [])


def embeddings(*counts: int) -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [unit(torch.randn(count, D, generator=generator)) for count in counts]


def lightly_queue(size: int) -> Work:
    query, key = embeddings(N, N)
    loss = NTXentLoss(temperature=TEMPERATURE, memory_bank_size=(size, D))
    return forward_and_backward(lambda: loss(query, key), query)


def our_queue(size: int) -> Work:
    query, key, keys = embeddings(N, N, size)
    return forward_and_backward(lambda: _mean(*against_queue(query, key, keys)), query)


def lightly_batch(size: int) -> Work:
    views = embeddings(size, size)
    loss = NTXentLoss(temperature=TEMPERATURE)
    return forward_and_backward(lambda: loss(*views), *views)


def our_batch(size: int) -> Work:
    z_1, z_2 = views = embeddings(size, size)
    both = lambda: (_mean(*in_batch(z_1, z_2, True)) + _mean(*in_batch(z_2, z_1, True))) / 2  # noqa: E731
    return forward_and_backward(both, *views)


def forward_and_backward(loss: Callable[[], Tensor], *leaves: Tensor) -> Work:
    for leaf in leaves:
        leaf.requires_grad_()

    def work() -> None:
        for leaf in leaves:
            leaf.grad = None
        loss().backward()

    return work


def _mean(positive: Tensor, negatives: object) -> Tensor:
    return info_nce(positive, negatives, temperature=TEMPERATURE).mean()
