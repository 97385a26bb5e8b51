"""Loss and gradient along the gradient, where both are known: and the network is left as it was."""

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from anatomy.networks.heads import Encoder
from anatomy.recorders.landscape import Landscape
from anatomy.step import Method, StepOutput
from reference import array, assert_close


class Small(Method):
    def __init__(self) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            backbone = nn.Sequential(nn.Flatten(), nn.Linear(12, 5), nn.BatchNorm1d(5), nn.Tanh())
            self.encoder = Encoder(backbone, nn.Linear(5, 3), 3)


@pytest.fixture
def method() -> Small:
    return Small().double()


@pytest.fixture
def output(generator: torch.Generator) -> StepOutput:
    view = torch.randn(6, 3, 2, 2, generator=generator, dtype=torch.float64)
    return StepOutput(torch.zeros(()), {"view_1": view, "labels": torch.tensor([0, 1, 2, 0, 1, 2])})


def recorded(method: Method, output: StepOutput, distances: tuple[float, ...], step: int = 0) -> dict[str, list[float]]:
    recorder = Landscape(every=5, distances=distances)
    with torch.no_grad():
        recorder.after_backward(step, output, method)
    recorder.rows.fetch()
    return recorder.rows.table()


def gradient_of(method: Method, output: StepOutput) -> tuple[torch.Tensor, torch.Tensor]:
    """Loss, and all gradients in one row."""
    method.zero_grad()
    loss = cross_entropy(method.encoder(output.watch["view_1"]), output.watch["labels"])
    loss.backward()
    return loss.detach(), torch.cat([p.grad.flatten() for p in method.parameters()]).clone()


def test_a_step_of_the_distance_taken_by_hand(method: Small, output: StepOutput) -> None:
    table = recorded(method, output, (0.1, 0.4))
    _, start = gradient_of(method, output)
    at, weights = 0, start / start.norm()
    with torch.no_grad():
        for p in method.parameters():
            p -= 0.4 * weights[at : at + p.numel()].view(p.shape)
            at += p.numel()
    loss, moved = gradient_of(method, output)
    assert table["distance"] == [0.1, 0.4]
    assert_close(table["loss"][1], array(loss))
    assert_close(table["change"][1], array((moved - start).norm()))
    assert table["smoothness"][1] == pytest.approx(table["change"][1] / 0.4)


def test_a_short_step_gives_the_curvature(method: Small, output: StepOutput) -> None:
    """change / distance tends to |H g| / |g|: the same at half the distance, to first order."""
    near, nearer = recorded(method, output, (1e-4, 5e-5))["smoothness"]
    assert near == pytest.approx(nearer, rel=1e-3)


def test_nothing_of_the_network_changes(method: Small, output: StepOutput) -> None:
    gradient_of(method, output)  # gradients are there, as after backward
    method.train()
    before = [t.clone() for t in (*method.state_dict().values(), *(p.grad for p in method.parameters()))]
    state = torch.get_rng_state()
    recorded(method, output, (0.1, 0.4))
    after = [*method.state_dict().values(), *(p.grad for p in method.parameters())]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert torch.equal(torch.get_rng_state(), state)


def test_only_every_few_steps(method: Small, output: StepOutput) -> None:
    assert recorded(method, output, (0.1,), step=4)["step"] == []
    assert recorded(method, output, (0.1,), step=5)["step"] == [5.0]
