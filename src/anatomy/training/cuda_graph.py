"""A training step as two CUDA graphs, to the gradients and to the weights: recorded once an epoch, then launched.

A small network's step is thousands of launches of some microseconds each, made one by one from Python, while the card
is idle for most of the time (ResNet-8, H100: 13.6 ms a step, and 3.3 as graphs). A graph replays the same kernels on
the same memory with one launch, so the numbers are those that the step would have had; what `forward` decides in Python
is decided once an epoch.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

import torch
from torch import Tensor

from anatomy.step import Batch, StepOutput

Result = TypeVar("Result")
Step = Callable[[Batch], StepOutput]  # forward and backward: the gradients lie in the weights afterwards
Update = Callable[[StepOutput], None]  # the optimizer's step, and what the method does after it


@dataclass
class Recorded:
    """A step on memory of its own: what it is given, what it gives, and the launches of its two halves."""

    batch: Batch
    output: StepOutput
    launch_step: Callable[[], None]
    launch_update: Callable[[], None] | None = None


class StepGraph:
    """A step and its update, like `step` and `update`, on a card; between the two, recorders see the gradients.

    The first step of each epoch is made as it is: libraries set themselves up in it, and where it draws from the
    batch's generator, which is on the CPU, no step of that epoch is recorded: a graph would repeat its numbers.
    """

    def __init__(self, step: Step, update: Update) -> None:
        self.plain_step, self.plain_update = step, update
        self.epoch, self.repeats = -1, False
        self.recorded: Recorded | None = None

    def step(self, batch: Batch) -> StepOutput:
        if batch.epoch != self.epoch:
            return self.first(batch)
        if not self.repeats:
            return self.plain_step(batch)
        if self.recorded is None:
            own = copy_of(batch)
            self.recorded = Recorded(own, *record(lambda: self.plain_step(own)))
        for held, new in zip(tensors(self.recorded.batch), tensors(batch), strict=True):
            held.copy_(new)
        self.recorded.launch_step()
        # The next launch overwrites the output; a loss is kept to the end of the epoch.
        return replace(self.recorded.output, loss=self.recorded.output.loss.detach().clone())

    def first(self, batch: Batch) -> StepOutput:
        self.recorded, self.epoch = None, batch.epoch
        before = state(batch)
        output = beside(lambda: self.plain_step(batch))
        self.repeats = torch.equal(before, state(batch))
        return output

    def update(self, output: StepOutput) -> None:
        if self.recorded is None:
            return self.plain_update(output)
        if self.recorded.launch_update is None:
            given = self.recorded.output
            _, self.recorded.launch_update = record(lambda: self.plain_update(given))
        self.recorded.launch_update()


def record(work: Callable[[], Result]) -> tuple[Result, Callable[[], None]]:
    """What the work gives, and the launch that makes it; the kernels are recorded, and nothing is computed yet."""
    graph = torch.cuda.CUDAGraph()
    with nothing_collected(), torch.cuda.graph(graph, capture_error_mode="thread_local"):
        result = work()
    return result, graph.replay


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Without the garbage collector: a recording fails where it frees an earlier run's graph, held by a cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def beside(work: Callable[[], Result]) -> Result:
    """On a stream of its own, as before any recording: what autograd sets up on the usual one cannot be recorded."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        output = work()
    torch.cuda.current_stream().wait_stream(stream)
    return output


def tensors(batch: Batch) -> list[Tensor]:
    return [*batch.views, batch.labels, batch.index]


def copy_of(batch: Batch) -> Batch:
    """Its tensors in memory of their own, laid out as they are."""
    *views, labels, index = (tensor.clone() for tensor in tensors(batch))
    return replace(batch, views=tuple(views), labels=labels, index=index)


def state(batch: Batch) -> Tensor:
    """Of the generator; it changes with each number that is drawn."""
    return torch.empty(0) if batch.generator is None else batch.generator.get_state()
