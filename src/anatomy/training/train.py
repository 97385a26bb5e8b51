"""The training loop. The images are on the device; a step makes their views, the method's loss, and the update.

Nothing here waits for the device within an epoch: losses and what recorders have written are read when it ends.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from math import isfinite

import torch
from torch import Tensor

from anatomy import data
from anatomy.augmentation import views
from anatomy.data.image_set import ImageSet
from anatomy.data.imbalance import kept
from anatomy.errors import InputError, RunFailed
from anatomy.hardware.device import eager, forget_graphs, full_float32, graphs
from anatomy.hardware.machine import Machine
from anatomy.measures import CHUNK
from anatomy.networks.heads import Others
from anatomy.recorders import WholeSetRecorder, check_needs
from anatomy.runs.config import Run
from anatomy.step import Batch, StepOutput
from anatomy.training.batches import batches
from anatomy.training.cuda_graph import StepGraph
from anatomy.training.network import build, compile_backbones, made
from anatomy.training.optimizer import groups, optimizer_of, rates_on, set_rates
from anatomy.training.state import Training


def prepare(run: Run, machine: Machine, data_root: str | None = None, others: Others | None = None) -> Training:
    """Everything that a run needs before its first step. InputError if run and data do not fit."""
    dataset = data.load(run.dataset, data_root)
    seen, unseen = data.split(dataset, images=run.images, evaluate_on=run.evaluate_on)
    if run.imbalance > 1:
        stay = kept(seen[1], run.imbalance, run.imbalance_by)
        seen = seen[0][stay], seen[1][stay]
    if run.epochs and run.batch_size > len(seen[0]):
        raise InputError(
            f"batch_size is {run.batch_size}, but {run.dataset} has {len(seen[0])} images to train on; "
            f"try {len(seen[0])} or fewer"
        )
    images, unseen_images = (ImageSet.of(*pair, machine.device) for pair in (seen, unseen))
    method = build(run, others)
    method.check_data(len(images), 1 + int(seen[1].max()))
    method.to(machine.device).to(memory_format=torch.channels_last)
    full_float32()
    if machine.compile == "yes":
        forget_graphs()
        compile_backbones(method)
    optimizer = optimizer_of(run)(groups(method), lr=0.1, weight_decay=run.weight_decay, fused=True)
    rates_on(optimizer, images.images.device)
    made_of = {"labels": images.labels, "record_every": run.record_every}
    recorders = {p.name: made("recorder", p, made_of) for p in run.recorders}
    known = {key: encoder.to(machine.device) for key, encoder in (others or {}).items()}
    training = Training(run, machine, images, unseen_images, method, optimizer, recorders, known)
    if repeatable(training):
        training.graph = StepGraph(partial(forward_backward, training), partial(update, training))
    return training


def repeatable(training: Training) -> bool:
    """Whether a step may be recorded as a CUDA graph. Of a user's own part nobody knows what it does in Python."""
    own = any(":" in part.name for _, part in training.run.all_parts())
    return training.machine.device != "cpu" and torch.cuda.is_available() and training.method.repeats and not own


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
    run, graph = training.run, training.graph
    set_rates(training.optimizer, run, step, training.steps)
    output = graph.step(batch) if graph else forward_backward(training, batch)
    if step == 0:
        check_needs(training.recorders, output, run.method.name)
    if step % run.record_every == 0:
        with torch.no_grad():
            for recorder in training.recorders.values():
                recorder.after_backward(step, output, training.method)
    graph.update(output) if graph else update(training, output)
    if training.machine.compile == "yes" and not graphs():  # TORCH_COMPILE_DISABLE, say: the record tells what was done
        training.machine = replace(training.machine, compile="no")
    return output


def forward_backward(training: Training, batch: Batch) -> StepOutput:
    """The method's loss, and its gradients in the weights."""
    with autocast(training.machine):
        output: StepOutput = training.method(batch)
    training.optimizer.zero_grad(set_to_none=True)
    output.loss.backward()
    return output


def update(training: Training, output: StepOutput) -> None:
    """The weights, by the optimizer, and what the method moves itself."""
    training.optimizer.step()
    training.method.after_step(output)


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
    with torch.no_grad(), autocast(training.machine), eager():
        recorder.end_of_epoch(len(training.losses), training.method, clean)
    training.method.train()
