"""Abnormal adversarial examples, and each term of their penalty with its gradient."""

import pytest
import torch
from torch import Tensor

from anatomy.attacks import Asked
from anatomy.attacks.abnormal import aaer, abnormal

BEFORE = torch.tensor([3.0, 1.0, 2.0, 0.5]).double()
AFTER = torch.tensor([1.0, 2.0, 1.5, 0.5]).double()  # the first and the third fell; the last stayed


def asked(outputs: Tensor) -> Asked:
    return Asked(outputs, BEFORE, torch.zeros(4, 3, 1, 1).double())


def terms(gap_weight: float, spread_weight: float, as_written: bool) -> tuple[Tensor, Tensor | None, Tensor | None]:
    """The penalty, and its gradient in the losses and in the outputs; outputs moved by 2, 1, 3 and 1."""
    losses = AFTER.clone().requires_grad_()
    outputs = torch.diag(torch.tensor([2.0, 1.0, 3.0, 1.0])).double().requires_grad_()
    value = aaer(asked(torch.zeros(4, 4).double()), outputs, losses, gap_weight=gap_weight,
                 spread_weight=spread_weight, as_written=as_written)  # fmt: skip
    if value.requires_grad:
        value.backward()
    return value.detach(), losses.grad, outputs.grad


def test_which_are_abnormal() -> None:
    assert abnormal(BEFORE, AFTER).tolist() == [True, False, True, False]


@pytest.mark.parametrize("as_written", [False, True])
def test_its_value_by_hand(as_written: bool) -> None:
    """Half are abnormal; their losses fell by 2 and 0.5; squares of the way: 4 and 9 against 1 and 1."""
    value, _, _ = terms(8.5, 1.5, as_written)
    assert value.item() == pytest.approx(0.5 * (8.5 * (2 + 0.5) / 2 + 1.5 * (6.5 - 1)))


def test_as_released_the_gap_has_no_gradient() -> None:
    """Both of its losses are detached in the authors' code: its weight moves the number and nothing else."""
    value, in_losses, in_outputs = terms(8.5, 0.0, False)
    assert value > 0
    assert in_losses is None or not in_losses.any()
    assert not in_outputs.any()


def test_as_written_the_gap_pulls_the_loss_up() -> None:
    """d/dl = -share / how many, for an abnormal example; others have none."""
    _, in_losses, _ = terms(8.0, 0.0, True)
    assert in_losses.tolist() == pytest.approx([-2, 0, -2, 0])


@pytest.mark.parametrize("as_written", [False, True])
def test_the_spread_pulls_abnormal_outputs_back(as_written: bool) -> None:
    """d/df = share x 2 (f - f0) / how many; what the others moved is a constant."""
    _, _, in_outputs = terms(0.0, 1.5, as_written)
    expected = 0.5 * 1.5 * 2 * torch.diag(torch.tensor([2.0, 0, 3.0, 0])).double() / 2
    torch.testing.assert_close(in_outputs, expected)


def test_where_the_others_moved_further_the_spread_is_nothing() -> None:
    outputs = torch.diag(torch.tensor([1.0, 5.0, 1.0, 5.0])).double()
    value = aaer(asked(torch.zeros(4, 4).double()), outputs, AFTER, gap_weight=0.0, spread_weight=1.0, as_written=True)
    assert value == 0


@pytest.mark.parametrize("after", [BEFORE - 0.1, BEFORE + 0.1])
def test_a_batch_of_one_kind_has_no_penalty(after: Tensor) -> None:
    outputs = torch.ones(4, 4).double()
    value = aaer(asked(torch.zeros(4, 4).double()), outputs, after, gap_weight=1.0, spread_weight=1.0, as_written=True)
    assert value == 0
