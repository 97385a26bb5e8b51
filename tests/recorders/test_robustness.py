"""What an attack finds while a network trains: on a network that hides, and on one that does not attack itself."""

from math import isnan

import pytest
import torch

from anatomy.attacks import normalized
from anatomy.recorders.robustness import Robustness
from anatomy.step import Method, StepOutput
from hiding import EPSILON, hiding


def recorded(depth: float, watched: int = 64, **watch: torch.Tensor) -> dict[str, float]:
    method, recorder = Method(), Robustness(ball=EPSILON, watched=watched)
    method.encoder = hiding(depth).train()
    view = normalized(torch.full((20, 3, 8, 8), 128 / 255))
    labels = torch.zeros(20).long()
    labels[10:] = 1
    with torch.no_grad():
        recorder.after_backward(30, StepOutput(torch.zeros(()), {"view_1": view, "labels": labels, **watch}), method)
    recorder.rows.fetch()
    assert method.encoder.training
    return {name: column[0] for name, column in recorder.rows.table().items()}


def test_a_network_that_hides(generator) -> None:
    """Right on the first ten alone: FGSM leaves them, PGD takes all of them."""
    row = recorded(1.0, watched=10)
    assert (row["step"], row["clean"], row["fgsm"], row["pgd"]) == (30, 100, 100, 0)


def test_a_network_that_does_not(generator) -> None:
    row = recorded(0.0)
    assert (row["clean"], row["fgsm"], row["pgd"]) == (50, 50, 50)
    assert row["alignment"] == pytest.approx(1)


def test_abnormal_examples_are_those_of_the_step() -> None:
    before, after = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([1.0, 1.0, 5.0, 5.0])
    assert recorded(0.0, before=before, after=after)["abnormal"] == 0.25
    assert isnan(recorded(0.0)["abnormal"])
