"""All that a run can be made of, for two steps and an evaluation on a real card in each precision, beside a processor.

The cases are those of tests/test_fake_cuda.py, which needs no card. Within an epoch nothing may wait for the card.
"""

import gc
from copy import deepcopy
from itertools import islice

import pytest
import torch

from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.storage.checkpoint import State
from anatomy.training.batches import batches
from anatomy.training.cuda_graph import record
from anatomy.training.run_tables import run_tables
from anatomy.training.state import Training
from anatomy.training.train import fit, prepare, train_step
from test_fake_cuda import CASES, run_of

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.filterwarnings("ignore:Synchronization debug mode is a prototype"),
    pytest.mark.filterwarnings("ignore:.torch.jit.script_method. is deprecated:DeprecationWarning"),  # torch's own use
]


def steps_without_a_wait(run: Run, precision: str) -> Training:
    """The run, trained on the card; RuntimeError where a step waits for it."""
    training = prepare(run, Machine("cuda", precision, 1, compile="no"))

    def tick(step: int) -> None:
        torch.cuda.set_sync_debug_mode("default" if step == training.steps else "error")

    try:
        torch.cuda.set_sync_debug_mode("error")
        fit(training, tick=tick)
    finally:
        torch.cuda.set_sync_debug_mode("default")
    return training


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("case", CASES)
def test_on_a_real_card(case: str, precision: str) -> None:
    run = run_of(case)
    here = prepare(run, Machine("cpu", "fp32", 1, compile="no"))
    fit(here)
    there = steps_without_a_wait(run, precision)
    assert set(run_tables(there)) == {"loss", *(p.name for p in (*run.recorders, *run.measures))}
    if run.backbone.options.get("dropout"):  # drawn on the card, by a generator of its own
        return
    # The first step is the same numbers, the second follows its gradient: kernels of another order, or of 8 bits.
    first, second = (1e-4, 1e-2) if precision == "fp32" else (3e-2, 1e-1)
    assert there.losses[0] == pytest.approx(here.losses[0], rel=first, abs=first)
    assert there.losses[1] == pytest.approx(here.losses[1], rel=second, abs=second)


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf")  # Dynamo, with shapes checked
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_compiled_step_on_a_real_card(precision: str) -> None:
    losses = {}
    for compile in ("no", "yes"):
        training = prepare(run_of("mocov2"), Machine("cuda", precision, 1, compile=compile))
        training.method.train()
        losses[compile] = [
            train_step(training, batch, step).loss.item() for step, batch in enumerate(islice(batches(training), 2))
        ]
        assert training.machine.compile == compile
    assert losses["yes"] == pytest.approx(losses["no"], rel=1e-2 if precision == "fp32" else 1e-1)


@pytest.mark.parametrize("case", ["mocov2", "method simsiam", "method moving_average", "vgg7", "drawn", "simco"])
def test_graphs_give_the_numbers_of_plain_steps(case: str) -> None:
    """Also where a run goes on from a checkpoint; two epochs of four steps."""
    run = run_of(case)
    run = run.model_copy(update={"images": 128, "batch_size": 32, "epochs": 2})
    plain, graphs = (prepare(run, Machine("cuda", "fp32", 1, compile="no")) for _ in range(2))
    plain.graph = None
    states: list[State] = []
    fit(plain)
    fit(graphs, save=lambda training: states.append(deepcopy(training.state())))
    again = prepare(run, Machine("cuda", "fp32", 1, compile="no"))
    again.load(states[0])
    fit(again)
    assert graphs.losses == pytest.approx(plain.losses, rel=1e-3, abs=1e-4)
    assert again.losses == pytest.approx(plain.losses, rel=1e-3, abs=1e-4)
    for ours, theirs in zip(graphs.method.parameters(), plain.method.parameters(), strict=True):
        assert torch.allclose(ours, theirs, rtol=1e-2, atol=1e-3)


def test_a_recording_outlives_an_earlier_run_in_a_cycle() -> None:
    """Its graph is freed by the garbage collector, whenever that runs."""
    ones = torch.ones(8, device="cuda")

    def leave_a_cycle() -> None:
        held: list[object] = [record(lambda: ones + 1)]
        held.append(held)

    def work() -> torch.Tensor:
        _ = [[index] for index in range(10_000)]  # enough for a collection, where one is allowed
        return ones + 2

    leave_a_cycle()
    held = gc.get_threshold()
    gc.set_threshold(1, 1, 1)
    try:
        made, launch = record(work)
    finally:
        gc.set_threshold(*held)
    launch()
    assert made.tolist() == [3.0] * 8
