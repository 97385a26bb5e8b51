"""The training loop. The images are on the device; a step makes their views, the method's loss, and the update.

Nothing here waits for the device within an epoch: losses and what recorders have written are read when it ends.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

import torch
from torch import Tensor

from anatomy import data, views
from anatomy.checkpoint import State
from anatomy.config import Run
from anatomy.data.image_set import ImageSet
from anatomy.device import forget_graphs, full_float32, graphs, move
from anatomy.errors import InputError, RunFailed
from anatomy.machine import Machine
from anatomy.measures import CHUNK
from anatomy.network import GLOBAL_GENERATOR, bound_part, build, compile_backbones, made
from anatomy.optimizer import groups, learning_rate, optimizer_of, peak_rate
from anatomy.recorders import WholeSetRecorder, check_needs
from anatomy.step import Batch, Method, StepOutput
from anatomy.streams import seed_of, stream


@dataclass
class Training:
    """A run in training: its state, which a checkpoint holds, and the objects it is made of."""

    run: Run
    machine: Machine
    images: ImageSet
    unseen: ImageSet
    method: Method
    optimizer: torch.optim.Optimizer
    recorders: dict[str, Any]  # `Recorder`; a user's own is what its file makes of it
    epoch: int = 0
    losses: list[float] = field(default_factory=list)  # of every step so far, nats

    @property
    def steps_per_epoch(self) -> int:
        """Whole batches only, as in the papers' code."""
        return len(self.images) // self.run.batch_size

    @property
    def steps(self) -> int:
        return self.run.epochs * self.steps_per_epoch

    def state(self) -> State:
        """For a checkpoint: tensors, numbers and lists only, so that it loads with `weights_only`."""
        return {
            "method": self.method.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "recorders": {name: recorder.rows.fetched for name, recorder in self.recorders.items()},
            "epoch": self.epoch,
            "losses": self.losses,
            "precision": self.machine.precision,
            "compile": self.machine.compile,
        }

    def load(self, state: State) -> None:
        self.method.load_state_dict(state["method"])
        self.optimizer.load_state_dict(state["optimizer"])
        for name, recorder in self.recorders.items():
            recorder.rows.fetched = state["recorders"][name]
        self.epoch, self.losses = state["epoch"], state["losses"]


def prepare(run: Run, machine: Machine, data_root: str | None = None) -> Training:
    """Everything that a run needs before its first step. InputError if run and data do not fit."""
    dataset = data.load(run.dataset, data_root)
    seen, unseen = data.split(dataset, images=run.images, evaluate_on=run.evaluate_on)
    if run.epochs and run.batch_size > len(seen[0]):
        raise InputError(
            f"batch_size is {run.batch_size}, but {run.dataset} has {len(seen[0])} images to train on; "
            f"try {len(seen[0])} or fewer"
        )
    images, unseen_images = (ImageSet.of(*pair, machine.device) for pair in (seen, unseen))
    method = build(run)
    method.check_data(len(images), 1 + int(seen[1].max()))
    method.to(machine.device).to(memory_format=torch.channels_last)
    full_float32()
    if machine.compile == "yes":
        forget_graphs()
        compile_backbones(method)
    optimizer = optimizer_of(run)(groups(method), lr=0.1, weight_decay=run.weight_decay, fused=True)
    made_of = {"labels": images.labels, "record_every": run.record_every}
    recorders = {p.name: made("recorder", p, made_of) for p in run.recorders}
    return Training(run, machine, images, unseen_images, method, optimizer, recorders)


def fit(
    training: Training,
    *,
    save: Callable[[Training], None] = lambda training: None,
    tick: Callable[[int], None] = lambda step: None,
    deadline: float | None = None,
) -> None:
    """Train the remaining epochs. `save` is called after every epoch, `tick` after every step.

    Raises RunFailed when the loss is not finite, and TimeoutError at the deadline (seconds since 1970).
    """
    training.method.train()
    while training.epoch < training.run.epochs:
        losses: list[Tensor] = []
        for batch in batches(training):
            step = training.epoch * training.steps_per_epoch + len(losses)
            losses.append(train_step(training, batch, step).loss.detach())
            tick(step + 1)
            if deadline is not None and time.time() > deadline:
                raise TimeoutError(f"stopped by the time limit in epoch {training.epoch + 1}")
        _close_epoch(training, losses)
        save(training)


def train_step(training: Training, batch: Batch, step: int) -> StepOutput:
    """Views to updated weights."""
    run, method = training.run, training.method
    for group in training.optimizer.param_groups:
        group["lr"] = peak_rate(run) if group.get("constant") else learning_rate(run, step, training.steps)
    with autocast(training.machine):
        output: StepOutput = method(batch)
    if step == 0:
        check_needs(training.recorders, output, run.method.name)
    training.optimizer.zero_grad(set_to_none=True)
    output.loss.backward()
    if step % run.record_every == 0:
        with torch.no_grad():
            for recorder in training.recorders.values():
                recorder.after_backward(step, output, method)
    training.optimizer.step()
    method.after_step(output)
    if training.machine.compile == "yes" and not graphs():  # TORCH_COMPILE_DISABLE, say: the record tells what was done
        training.machine = replace(training.machine, compile="no")
    return output


def batches(training: Training) -> Iterator[Batch]:
    """The batches of the current epoch; order and views are drawn at its start, for all images at once."""
    run, images, epoch = training.run, training.images, training.epoch
    with GLOBAL_GENERATOR:
        torch.manual_seed(seed_of(run.seed, "torch", epoch))  # dropout and its like draw from torch's own generator
    count, _, height, width = images.images.shape
    order = torch.randperm(count, generator=stream(run.seed, "order", epoch))
    draw = bound_part("views", run.views)
    drawn = [
        draw(count, height, width, stream(run.seed, f"view {view}", epoch)) for view in range(training.method.views)
    ]
    chance = stream(run.seed, "step", epoch)
    for chosen in order.split(run.batch_size)[: training.steps_per_epoch]:
        index = move(chosen, images.images.device)
        pixels = images.images[index]
        seen = (views.apply(pixels, parameters[chosen], size=run.size) for parameters in drawn)
        views_seen = tuple(view.contiguous(memory_format=torch.channels_last) for view in seen)
        yield Batch(views_seen, images.labels[index], index, epoch, chance)


def autocast(machine: Machine) -> AbstractContextManager[object]:
    """bfloat16 where it was measured to be faster; similarities stay float32 in any case (`similarity.inner`)."""
    kind = torch.device(machine.device).type
    return torch.autocast(kind, torch.bfloat16) if machine.precision == "bf16" else nullcontext()


def _close_epoch(training: Training, losses: list[Tensor]) -> None:
    """Fetch the epoch's losses and rows from the device; stop the run if a loss is not finite."""
    values = torch.stack(losses).tolist()
    for at, loss in enumerate(values):
        if not isfinite(loss):
            raise RunFailed(
                f"the loss of {training.run.method.name} became {loss} at step {len(training.losses) + at}; "
                f"the last good state is that after epoch {training.epoch}"
            )
    training.losses += values
    training.epoch += 1
    for recorder in training.recorders.values():
        if isinstance(recorder, WholeSetRecorder):
            _show_whole_set(training, recorder)
        recorder.rows.fetch()


def _show_whole_set(training: Training, recorder: WholeSetRecorder) -> None:
    """The training images, clean and in their order, to the method in evaluation mode, without gradient."""
    clean = (
        views.clean(chunk, size=training.run.size).contiguous(memory_format=torch.channels_last)
        for chunk in training.images.images.split(CHUNK)
    )
    training.method.eval()
    with torch.no_grad(), autocast(training.machine), torch.compiler.set_stance("force_eager"):
        recorder.end_of_epoch(len(training.losses), training.method, clean)
    training.method.train()
