"""Steps replayed as CUDA graphs. Without a card: a launch makes the step again on the recording's own memory, as a card
does. On a card: tests/test_real_cuda.py."""

import gc
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from anatomy.runs.config import Run
from anatomy.step import StepOutput
from anatomy.training import cuda_graph
from anatomy.training.batches import batches
from anatomy.training.cuda_graph import StepGraph
from anatomy.training.state import Training
from anatomy.training.train import fit, forward_backward, prepare, repeatable, update
from tiny import MACHINE, tiny


class Card:
    """Counts recordings and launches."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.recorded = self.launched = 0
        patch.setattr(cuda_graph, "record", self.record)
        patch.setattr(cuda_graph, "beside", lambda work: work())

    def record(self, work: Callable[[], Any]) -> tuple[Any, Callable[[], None]]:
        """The result of the first launch is overwritten by those after it."""
        self.recorded += 1
        made = StepOutput(torch.zeros(()))

        def launch() -> None:
            self.launched += 1
            output = work()
            if output is not None:
                made.loss.copy_(output.loss.detach())
                made.keep.update(output.keep)

        return made, launch


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Card:
    return Card(monkeypatch)


def graphed(run: Run) -> Training:
    training = prepare(run, MACHINE)
    training.graph = StepGraph(partial(forward_backward, training), partial(update, training))
    return training


NOT_WATCHED: dict[str, Any] = {"recorders": ""}


def test_the_first_step_of_an_epoch_is_made_and_the_others_are_launched(card: Card) -> None:
    training, plain = graphed(tiny(**NOT_WATCHED)), prepare(tiny(**NOT_WATCHED), MACHINE)
    fit(training)
    fit(plain)
    assert training.losses == plain.losses
    assert len(set(training.losses)) == 6  # each step has the loss of its own images
    assert (card.recorded, card.launched) == (4, 8)  # two epochs of three steps; a step and its update


def test_what_begins_in_a_later_epoch_is_recorded_there(card: Card) -> None:
    later = NOT_WATCHED | {"method": "mocov2", "queue_size": 40, "queue_skip": 16, "skip_from": 1}
    training, plain = graphed(tiny(**later)), prepare(tiny(**later), MACHINE)
    fit(training)
    fit(plain)
    assert card.recorded == 4
    assert training.epoch == plain.epoch == 2


def test_a_step_that_draws_numbers_is_never_launched(card: Card) -> None:
    """Mixed keys are drawn on the processor; from the second epoch on here."""
    mixed = NOT_WATCHED | {"method": "mocov2", "queue_size": 40, "transform": "mochi", "transform_from": 1}
    training = graphed(tiny(**mixed, hardest=4, of_two=2, with_query=2))
    fit(training)
    assert (card.recorded, card.launched) == (2, 4)


def test_the_memory_of_a_recording_is_its_own(card: Card) -> None:
    training = graphed(tiny(**NOT_WATCHED))
    training.method.train()
    assert training.graph is not None
    first, second, third = batches(training)
    kept = [view.clone() for view in second.views]
    for batch in (first, second, third):
        training.graph.step(batch)
    assert training.graph.recorded is not None
    held = training.graph.recorded.batch
    assert all(torch.equal(a, b) for a, b in zip(second.views, kept, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(held.views, third.views, strict=True))
    assert torch.equal(held.index, third.index)
    assert torch.equal(held.labels, third.labels)
    assert all(a.is_contiguous(memory_format=torch.channels_last) for a in held.views)


def test_losses_outlive_the_next_launch(card: Card) -> None:
    training = graphed(tiny(**NOT_WATCHED))
    training.method.train()
    assert training.graph is not None
    losses = [training.graph.step(batch).loss for batch in batches(training)]
    assert len({loss.item() for loss in losses}) == 3


def test_what_may_be_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a card only; not a method that changes from step to step, nor a user's own part."""

    def on_a_card(**changed: Any) -> bool:
        training = prepare(tiny(**changed), MACHINE)
        training.machine = MACHINE.__class__("cuda", "fp32", 1, compile="no")
        return repeatable(training)

    assert not repeatable(prepare(tiny(), MACHINE))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert on_a_card()
    assert not on_a_card(method="phases", temperature=None, phases="center 2, residual 2", predictor_hidden=8)
    assert not on_a_card(backbone=f"{Path(__file__).parent / 'small_network.py'}:small", width=8)


@pytest.mark.parametrize("before", [True, False])
def test_no_garbage_is_collected_while_a_step_is_recorded(monkeypatch: pytest.MonkeyPatch, before: bool) -> None:
    """On a card a recording fails where an earlier run's graph is freed in it: tests/test_real_cuda.py."""
    monkeypatch.setattr(torch.cuda, "CUDAGraph", lambda: SimpleNamespace(replay=lambda: None))
    monkeypatch.setattr(torch.cuda, "graph", lambda graph, capture_error_mode: nullcontext())
    was = gc.isenabled()
    (gc.enable if before else gc.disable)()
    try:
        assert cuda_graph.record(gc.isenabled)[0] is False
        assert gc.isenabled() is before
        with pytest.raises(ZeroDivisionError):
            cuda_graph.record(lambda: 1 // 0)
        assert gc.isenabled() is before
    finally:
        (gc.enable if was else gc.disable)()
