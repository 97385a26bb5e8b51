"""The recorder of temperatures against numbers by hand."""

import pytest
import torch

from anatomy.recorders.temperatures import Temperatures
from anatomy.step import Method, StepOutput


def test_two_heads_by_hand() -> None:
    """Positives 0, 1/2, 1: temperatures that fall with them correlate with -1, those that do not vary with nothing."""
    watch = {
        "positive": torch.tensor([0.0, 0.5, 1.0]),
        "temperatures": torch.tensor([[0.3, 0.2, 0.1], [0.5, 0.5, 0.5]]),
    }
    recorder = Temperatures()
    recorder.after_backward(20, StepOutput(torch.tensor(0.0), watch), Method())
    recorder.rows.fetch()
    table = recorder.rows.table()
    assert (table["step"], table["head"]) == ([20.0, 20.0], [0.0, 1.0])
    assert table["mean"] == pytest.approx([0.2, 0.5], rel=1e-6)
    assert table["lowest"] == pytest.approx([0.1, 0.5], rel=1e-6)
    assert table["highest"] == pytest.approx([0.3, 0.5], rel=1e-6)
    assert table["with_positive"][0] == pytest.approx(-1, rel=1e-5)
    assert table["with_positive"][1] != table["with_positive"][1]  # NaN


def test_a_correlation_of_a_half(generator: torch.Generator) -> None:
    """(1, 2, 3) against (1, 3, 2): 1/2."""
    watch = {"positive": torch.tensor([1.0, 3.0, 2.0]), "temperatures": torch.tensor([[1.0, 2.0, 3.0]])}
    recorder = Temperatures()
    recorder.after_backward(0, StepOutput(torch.tensor(0.0), watch), Method())
    recorder.rows.fetch()
    assert recorder.rows.table()["with_positive"] == [pytest.approx(0.5, rel=1e-6)]
