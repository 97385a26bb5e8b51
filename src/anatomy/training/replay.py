"""Replay: whether a run's first losses are still those of this code, within what another machine may change."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run

if TYPE_CHECKING:  # torch is imported where it is used
    from anatomy.networks.heads import Others

REPLAYED_STEPS = 8  # losses kept, and replayed where the code has changed since
# Where all of this is the same, the same code gives the same bits on a processor; elsewhere, these shares of a loss.
SAME_BITS = ("cpu", "device", "torch", "precision", "threads", "compile")
TOLERANCE = {"fp32": 1e-3, "bf16": 3e-2}
# One card does not give the same bits twice: cuDNN adds up a weight's gradient in the order in which threads finish.
# That is a millionth of a gradient in float32, and one rounding in 3,000 entries the other way in bfloat16. Drawn at
# random into 8 steps of 7 methods on a processor, it moved the losses by nothing in the first two steps, then by at
# most 1e-5 .. 3e-4 (float32) and 3e-3 .. 8e-2 (bfloat16), about three times more with each step. A learning rate that
# is 1 % off moves the second loss by 5e-4.
GPU_TOLERANCE = {"fp32": 1e-5, "bf16": 1e-3}
GROWTH_PER_STEP = 3.0  # a step
# Nats: a moving average that begins at zeros pulls nowhere in its first epoch, and rounding alone is left.
MIN_SCALE = 1e-3


def first_losses(
    run: Run,
    machine: Machine,
    data_root: str | None,
    steps: int = REPLAYED_STEPS,
    others: "Others | None" = None,
) -> list[float]:
    """The losses of a run's first steps, trained anew: equal to the stored ones unless the code has changed."""
    from anatomy.training.batches import batches
    from anatomy.training.train import prepare, train_step

    training = prepare(run, machine, data_root, others)
    training.method.train()
    losses: list[float] = []
    while len(losses) < min(steps, training.steps):
        for batch in islice(batches(training), steps - len(losses)):
            losses.append(train_step(training, batch, len(losses)).loss.item())
        training.epoch += 1  # an epoch of a small run has fewer steps than are kept
    return losses


def same_losses(
    again: Sequence[float], kept: Sequence[float], *, now: Mapping[str, object], then: Mapping[str, object]
) -> bool:
    """Losses of the first steps, in nats, on the machines of two provenances."""
    if len(again) != len(kept):
        return False
    allowed = shares(len(kept), now, then)
    return all(off <= share for off, share in zip(distances(again, kept), allowed, strict=True))


def distances(again: Sequence[float], kept: Sequence[float]) -> list[float]:
    """How far each loss is from the one kept, as a share of the largest of them all: the loss of a method without
    negatives passes through 0."""
    largest = max([MIN_SCALE, *map(abs, kept)])
    return [abs(a - b) / largest for a, b in zip(again, kept, strict=True)]


def shares(steps: int, now: Mapping[str, object], then: Mapping[str, object]) -> list[float]:
    """By how much each loss may differ."""
    if any(now[name] != then[name] for name in SAME_BITS):
        return [TOLERANCE[str(now["precision"])]] * steps
    if now["device"] == "cpu":
        return [1e-8] * steps  # of what a record's digits leave
    return [GPU_TOLERANCE[str(now["precision"])] * GROWTH_PER_STEP**step for step in range(steps)]
