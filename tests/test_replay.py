"""How near the first losses of a run must be to those that its record holds: exact on one processor, and on no card."""

from typing import Any

import pytest

from anatomy.training.replay import SAME_BITS, same_losses, shares

KEPT = [4.0, 3.9, 3.8, 3.7, 3.6, 3.5, 3.4, 3.3]
PROCESSOR: dict[str, Any] = dict.fromkeys(SAME_BITS, "one") | {"device": "cpu", "precision": "fp32"}
CARD = PROCESSOR | {"device": "NVIDIA H200"}


def off(*by: float) -> list[float]:
    """Losses that differ by shares of the largest, 4, from the end backwards."""
    moved = [0.0] * (len(KEPT) - len(by)) + list(by)
    return [loss + 4 * share for loss, share in zip(KEPT, moved, strict=True)]


@pytest.mark.parametrize(("by", "same"), [(0.0, True), (9e-9, True), (2e-8, False), (-1e-6, False)])
def test_one_processor_gives_the_same_bits(by: float, same: bool) -> None:
    assert same_losses(off(by), KEPT, now=PROCESSOR, then=PROCESSOR) == same


@pytest.mark.parametrize("name", SAME_BITS)
def test_another_machine_gives_nearly_the_same(name: str) -> None:
    """Another processor or card, another torch, precision, number of threads, or compiled."""
    other = PROCESSOR | {name: "bf16" if name == "precision" else "other"}
    tolerance = 3e-2 if name == "precision" else 1e-3
    assert shares(8, other, PROCESSOR) == [tolerance] * 8
    assert same_losses(off(0.9 * tolerance), KEPT, now=other, then=PROCESSOR)
    assert not same_losses(off(1.1 * tolerance), KEPT, now=other, then=PROCESSOR)


@pytest.mark.parametrize(("precision", "most"), [
    ("fp32", [0, 0, 1e-7, 1e-5, 2e-5, 2e-5, 1e-4, 3e-4]),
    ("bf16", [0, 0, 2e-5, 3e-3, 1e-2, 2e-2, 4e-2, 8e-2]),
])  # fmt: skip
def test_a_card_adds_up_in_another_order_each_time(precision: str, most: list[float]) -> None:
    """What rounding the gradients at random did to the losses of seven methods, at most, is let through."""
    card = CARD | {"precision": precision}
    assert same_losses(off(*most), KEPT, now=card, then=card)
    assert same_losses(off(*(-by for by in most)), KEPT, now=card, then=card)


@pytest.mark.parametrize("seen", [
    [5e-4, 3e-3, 3e-3, 1e-3, 2e-3, 9e-4, 4e-3],  # a learning rate of 0.101 in the place of 0.1, SimCo
    [3e-5, 4e-4, 2e-3, 1e-3, 6e-4, 2e-3, 2e-3],  # the same, MoCo
    [1e-4, 2e-4, 2e-4, 4e-5, 2e-4, 6e-4],  # a momentum of 0.89 in the place of 0.9, SimCo
])  # fmt: skip
def test_a_changed_constant_is_seen_on_a_card(seen: list[float]) -> None:
    assert not same_losses(off(*seen), KEPT, now=CARD, then=CARD)


@pytest.mark.parametrize("machine", [PROCESSOR, CARD])
def test_fewer_losses_or_no_numbers_are_not_the_same(machine: dict[str, Any]) -> None:
    for again in (KEPT[:-1], [*KEPT, 3.2], [float("nan"), *KEPT[1:]], []):
        assert not same_losses(again, KEPT, now=machine, then=machine)
    assert not same_losses(KEPT, [], now=machine, then=machine)


def test_a_loss_near_zero_is_measured_by_the_others() -> None:
    """A cosine that passes through 0: a thousandth of the largest is a thousandth."""
    other = PROCESSOR | {"cpu": "other"}
    assert same_losses([-0.5, 1e-4], [-0.5, -1e-4], now=other, then=PROCESSOR)
    assert not same_losses([-0.5, 1e-3], [-0.5, -1e-3], now=other, then=PROCESSOR)


def test_losses_that_are_rounding_alone_are_no_difference() -> None:
    """Of a moving average that begins at zeros, by the processor: the code is the same."""
    other = PROCESSOR | {"cpu": "another"}
    assert same_losses([1e-12, -2e-13], [-3e-13, 1e-12], now=other, then=PROCESSOR)
