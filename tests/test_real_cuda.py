"""All that a run can be made of, for two steps and an evaluation on a real card in each precision, beside a processor.

The cases are those of tests/test_fake_cuda.py, which needs no card. Within an epoch nothing may wait for the card.
"""

from itertools import islice

import pytest
import torch

from anatomy.config import Run
from anatomy.machine import Machine
from anatomy.run_tables import run_tables
from anatomy.train import Training, batches, fit, prepare, train_step
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
