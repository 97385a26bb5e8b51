"""The smallest runs that have every part, and an executor in this process: most tests start no worker.

A worker process imports torch anew, which takes longer than all that it trains here.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

import pytest
import torch

from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.scheduling.sweep import Outcome, sweep
from anatomy.scheduling.worker import Task
from anatomy.storage.store import Store

MACHINE = Machine("cpu", "fp32", 1, compile="no")
# 3 steps an epoch, 6 in all, and the last batch is whole.
TINY: dict[str, Any] = {
    "method": "simco",
    "temperature": 0.1,
    "images": 96,
    "epochs": 2,
    "batch_size": 32,
    "size": 16,
    "width": 4,
    "recorders": "hardness,scores",
    "record_every": 2,
}


def tiny(**changed: Any) -> Run:
    """A run of 6 steps, with some fields changed; None leaves one out."""
    return Run.of(**{name: value for name, value in (TINY | changed).items() if value is not None})


def task(run: Run, store: Store, **changed: Any) -> Task:
    """What a worker would be given."""
    return Task(**{"content": run.content(), "store": str(store.root), "data_root": None, "machine": MACHINE,
                   "rules": {"claim-1": "abc"}, **changed})  # fmt: skip


class Here(Executor):
    """Does the work at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def pool_here(
    executor: Executor | None, workers: int | None, machine: Machine, deadline: float | None
) -> Iterator[tuple[Executor, int, Machine]]:
    """In the place of `sweep.pool`."""
    yield executor or Here(), 1, machine.resolved()


def train_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweeps of this test train in this process."""
    monkeypatch.setattr("anatomy.scheduling.sweep.pool", pool_here)


def cards(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many GPUs as far as torch says."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: count > 0)
    monkeypatch.setattr("torch.cuda.device_count", lambda: count)
    monkeypatch.setattr("torch.cuda.get_device_name", lambda device: f"Card {torch.device(device).index or 0}")


def one_line(text: str) -> str:
    """The only line of what was said."""
    lines = text.splitlines()
    assert len(lines) == 1, text
    return lines[0]


def swept(store: Store, asked: list, **options: Any) -> Outcome:
    return sweep(asked, store, **{"machine": MACHINE, "executor": Here(), "say": lambda text: None, **options})
