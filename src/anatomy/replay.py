"""Whether two runs' first losses are those of the same code, however much a machine may change them."""

from collections.abc import Sequence
from typing import Any

# Where all of this is the same, the same code gives the same bits on a processor; elsewhere, these shares of a loss.
SAME_BITS = ("cpu", "device", "torch", "precision", "threads", "compile")
TOLERANCE = {"fp32": 1e-3, "bf16": 3e-2}
# One card does not give the same bits twice: cuDNN adds up a weight's gradient in the order in which threads finish.
# That is a millionth of a gradient in float32, and one rounding in 3,000 entries the other way in bfloat16. Drawn at
# random into 8 steps of 7 methods on a processor, it moved the losses by nothing in the first two steps, then by at
# most 1e-5 .. 3e-4 (float32) and 3e-3 .. 8e-2 (bfloat16), about three times more with each step. A learning rate that
# is 1 % off moves the second loss by 5e-4.
ON_A_CARD = {"fp32": 1e-5, "bf16": 1e-3}
GROWTH = 3.0  # a step


def same_losses(again: Sequence[float], kept: Sequence[float], *, now: dict[str, Any], then: dict[str, Any]) -> bool:
    """Losses of the first steps, in nats, on the machines of two provenances; a difference counts as a share of the
    largest of them, since the loss of a method without negatives passes through 0."""
    largest = max(map(abs, kept), default=0.0)
    close = all(
        abs(a - b) <= share * largest for a, b, share in zip(again, kept, shares(len(kept), now, then), strict=False)
    )
    return len(again) == len(kept) and close


def shares(steps: int, now: dict[str, Any], then: dict[str, Any]) -> list[float]:
    """By how much each loss may differ."""
    if any(now[name] != then[name] for name in SAME_BITS):
        return [TOLERANCE[now["precision"]]] * steps
    if now["device"] == "cpu":
        return [1e-8] * steps  # of what a record's digits leave
    return [ON_A_CARD[now["precision"]] * GROWTH**step for step in range(steps)]
