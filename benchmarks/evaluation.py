"""kNN of 10,000 images against 50,000 in 512 dimensions, and a linear probe on them: CPU seconds, and peak memory."""

from typing import TypedDict

import torch
from torch import Tensor

from anatomy.measures.knn import vote
from anatomy.measures.linear_probe import fit, moments
from measuring import Work, cpu_seconds, peak_mb

BANK, QUERIES, F, CLASSES = 50_000, 10_000, 512, 10


class Alone(TypedDict):
    """What has no side beside it: CPU seconds of one thread, MB above what it is given, and what it should not pass."""

    what: str
    cpu_seconds: float
    peak_mb: float | None
    aim: str


def measured() -> list[Alone]:
    bank, labels = representations(BANK)
    queries, _ = representations(QUERIES, seed=1)
    knn = f"kNN, k = 200, of {QUERIES:,} images against {BANK:,}, {F} dimensions"
    probe = f"linear probe on {BANK:,} images, {F} dimensions"
    return [
        alone(knn, lambda: vote(queries, bank, labels, k=200, vote_temperature=0.1), "5 s of two cores, 500 MB"),
        alone(probe, lambda: probed(bank, labels), "20 s of two cores"),
    ]


def alone(what: str, work: Work, aim: str) -> Alone:
    seconds: list[float] = []
    peak = peak_mb(lambda: seconds.append(cpu_seconds(work)))
    return {"what": what, "cpu_seconds": round(seconds[0] if seconds else cpu_seconds(work), 2), "peak_mb": peak,
            "aim": aim}  # fmt: skip


def probed(bank: Tensor, labels: Tensor) -> Tensor:
    """The weights; as `linear_probe` does it, without the network."""
    mean, deviation = moments(bank.double())
    return fit((bank.double() - mean) / deviation, labels, weight_decay=1.0)


def representations(count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """[N, F] as a network's: correlated, not negative, of classes that overlap; and labels [N]."""
    fixed, own = torch.Generator().manual_seed(99), torch.Generator().manual_seed(seed)
    labels = torch.randint(CLASSES, (count,), generator=own)
    centers = 0.12 * torch.randn(CLASSES, F, generator=fixed)
    mixing = torch.randn(F, F, generator=fixed) * torch.logspace(0, -2, F)[:, None]
    return ((centers[labels] + torch.randn(count, F, generator=own)) @ mixing).relu(), labels
