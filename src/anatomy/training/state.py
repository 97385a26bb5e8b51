"""A run in training."""

from dataclasses import dataclass, field
from typing import Any

import torch

from anatomy.data.image_set import ImageSet
from anatomy.hardware.machine import Machine
from anatomy.networks.heads import Others
from anatomy.runs.config import Run
from anatomy.step import Method
from anatomy.storage.checkpoint import State
from anatomy.training.cuda_graph import StepGraph
from anatomy.training.optimizer import rates_on


@dataclass
class Training:
    """Its state, which a checkpoint holds, and the objects it is made of."""

    run: Run
    machine: Machine
    images: ImageSet
    unseen: ImageSet
    method: Method
    optimizer: torch.optim.Optimizer
    recorders: dict[str, Any]  # `Recorder`; a user's own is what its file makes of it
    others: Others = field(default_factory=dict)  # by key: of the runs whose weights this one uses
    graph: StepGraph | None = None  # on a card
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
        rates_on(self.optimizer, self.images.images.device)
        for name, recorder in self.recorders.items():
            recorder.rows.fetched = state["recorders"][name]
        self.epoch, self.losses = state["epoch"], state["losses"]
