"""The recorder of the head's gradient against gradients that are put there by hand."""

from math import isnan

import pytest
import torch
from torch import nn

from anatomy.networks.heads import Encoder
from anatomy.recorders.gradients import Gradients
from anatomy.step import Method, StepOutput


class Fixed(Method):
    """A method whose last linear layer has whatever gradient the test says."""

    def __init__(self) -> None:
        super().__init__()
        head = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2))
        self.encoder = Encoder(nn.Flatten(), head, 2)

    def with_gradient(self, *entries: float) -> "Fixed":
        self.encoder.projector[2].weight.grad = torch.tensor(entries).view(2, 2)
        return self


def recorded(window: int, gradients: list[tuple[float, ...]], fetch_after: int = 99) -> dict[str, list[float]]:
    recorder, method = Gradients(window=window), Fixed()
    for step, entries in enumerate(gradients):
        recorder.after_backward(step, StepOutput(torch.tensor(float(step))), method.with_gradient(*entries))
        if step == fetch_after:
            recorder.rows.fetch()
    recorder.rows.fetch()
    return recorder.rows.table()


THREE = [(3.0, 0.0, 0.0, 4.0), (3.0, 0.0, 0.0, 0.0), (0.0, 0.0, 4.0, 0.0)]  # lengths 5, 3, 4; changes 4 and 5


def test_lengths_and_changes_by_hand() -> None:
    table = recorded(1, THREE)
    assert table["step"] == table["loss"] == [0.0, 1.0, 2.0]
    assert table["length"] == pytest.approx([5, 3, 4])
    assert isnan(table["change"][0])
    assert table["change"][1:] == pytest.approx([4, 5])


def test_a_window_is_a_mean_without_what_is_not_known() -> None:
    table = recorded(2, THREE)
    assert table["step"] == [0.0, 2.0]
    assert table["loss"] == [0.5, 2.0]
    assert table["length"] == pytest.approx([4, 4])
    assert table["change"] == pytest.approx([4, 5])


def test_no_change_over_the_end_of_an_epoch() -> None:
    """A run that is resumed there does not know the gradient before: so none does."""
    change = recorded(1, THREE, fetch_after=0)["change"]
    assert [isnan(each) for each in change] == [True, True, False]


def test_it_keeps_a_copy(generator: torch.Generator) -> None:
    """Non-regression: the optimizer writes the next gradient into the same tensor."""
    recorder, method = Gradients(window=1), Fixed().with_gradient(*THREE[0])
    recorder.after_backward(0, StepOutput(torch.tensor(0.0)), method)
    method.encoder.projector[2].weight.grad.copy_(torch.tensor(THREE[1]).view(2, 2))
    recorder.after_backward(1, StepOutput(torch.tensor(0.0)), method)
    recorder.rows.fetch()
    assert recorder.rows.table()["change"][1] == pytest.approx(4)
