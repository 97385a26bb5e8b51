"""What an encoder is worth under attack: a linear classifier and kNN on its frozen features, attacked through both.

The evaluation of encoders in Zhang et al. 2022, arXiv:2207.10899 (a linear layer on clean features, then PGD of 20
steps of 2/255 against both); for kNN the attack is the one that turns the features, and needs no label. In evaluation
mode and float32, on the first unseen images; the classifier is the book's own linear probe.
"""

from collections.abc import Callable, Iterator

import torch
from torch import Generator, Tensor
from torch.nn.functional import linear

from anatomy.attacks import Network, evaluated
from anatomy.attacks.objectives import away_from, margin
from anatomy.attacks.pgd import Steps, pgd
from anatomy.measures import Table, Trained
from anatomy.measures.knn import vote
from anatomy.measures.linear_probe import fit, moments
from anatomy.measures.robust_accuracy import first, pixels_and_labels
from anatomy.quantities import Count, Share

Found = Callable[[int], Iterator[tuple[Tensor, Tensor]]]  # of so many images: right, and right under attack too, [N]


def probe_under_attack(
    trained: Trained, *, reach: Share = 0.03137254901960784, probe_steps: Count = 20, probed: Count = 256
) -> Table:
    """Columns of (own; other: the encoder of a run whose weights this one uses, a student's teacher), readout (linear
    probe, kNN), clean, attacked (accuracy in percent), images (how many of the first unseen ones).

    PGD of steps of a quarter of the radius `reach`, from a random start: against the probe it raises the cross-entropy
    of its logits, against kNN it turns the features away from where they were. An image counts as right under attack
    where it was right without it too."""
    generator = trained.generator("probe under attack")
    options = Steps(epsilon=reach, step=reach / 4, steps=probe_steps)
    table: Table = {"of": [], "readout": [], "clean": [], "attacked": [], "images": []}
    encoders = [("own", trained.encoder), *(("other", encoder) for encoder in trained.others.values())]
    for of, encoder in encoders:
        with evaluated(encoder.backbone) as features:
            for name, found in readouts(trained, features, options, generator).items():
                pairs = list(found(probed))
                clean, both = (torch.cat(column).double().mean().item() for column in zip(*pairs, strict=True))
                row = (of, name, 100 * clean, 100 * both, sum(len(right) for right, _ in pairs))
                for column, value in zip(table.values(), row, strict=True):
                    column.append(value)
    return table


def readouts(trained: Trained, features: Network, options: Steps, generator: Generator) -> dict[str, Found]:
    """Both, on the features of the training images."""
    with torch.no_grad():
        bank = torch.cat([features(x) for x, _ in pixels_and_labels(trained.bank, trained.size)])  # [B, F]
    return {
        "linear probe": by_probe(trained, bank, features, options, generator),
        "kNN": by_neighbors(trained, bank, features, options, generator),
    }


def by_probe(trained: Trained, bank: Tensor, features: Network, options: Steps, generator: Generator) -> Found:
    """Logits of the probe are what is attacked."""
    mean, deviation = moments(bank.double())
    weights = fit((bank.double() - mean) / deviation, trained.bank.labels, weight_decay=1.0)  # [F + 1, classes]
    scaled = weights[:-1] / deviation[:, None]
    matrix, bias = scaled.T.to(bank), (weights[-1] - mean @ scaled).to(bank)

    def logits(pixels: Tensor) -> Tensor:
        return linear(features(pixels), matrix, bias)

    def found(count: int) -> Iterator[tuple[Tensor, Tensor]]:
        for x, y in first(trained, count):
            moved = pgd(logits, x, y, options, generator, worst=margin)
            with torch.no_grad():
                right, left = (margin(logits(pixels), y) <= 0 for pixels in (x, moved))
            yield right, right & left

    return found


def by_neighbors(trained: Trained, bank: Tensor, features: Network, options: Steps, generator: Generator) -> Found:
    """Features are turned away from those of the clean image."""
    k = max(1, min(200, len(bank) // 20))

    def guess(pixels: Tensor) -> Tensor:
        with torch.no_grad():
            return vote(features(pixels), bank, trained.bank.labels, k=k, vote_temperature=0.1).argmax(1)

    def found(count: int) -> Iterator[tuple[Tensor, Tensor]]:
        for x, y in first(trained, count):
            with torch.no_grad():
                target = features(x)
            right = guess(x) == y
            yield right, right & (guess(pgd(features, x, target, options, generator, away_from)) == y)

    return found
