"""What is written down while a method trains. One recorder a file; file name = class name = its name in a parameter.

A recorder says what it `needs` of `StepOutput.watch`, so a run whose method lacks it is refused before step 1. It keeps
its rows as tensors on the device and reads them once an epoch (a read per step would make a GPU wait). Its moments:
`after_backward(step, output, method)`, every r-th step, and, if it has it, `end_of_epoch(steps made, method, images)`
with the clean training images in batches, in evaluation mode.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor

from anatomy.errors import InputError
from anatomy.step import StepOutput


class Rows:
    """A table that grows on the device: `add` costs no synchronization, `settle` reads what has come since."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)
        self.settled: list[list[float]] = []
        self.waiting: list[Tensor] = []

    def add(self, rows: Tensor) -> None:
        """Rows [R, columns], float64."""
        self.waiting.append(rows)

    def settle(self) -> None:
        if self.waiting:
            self.settled += torch.cat(self.waiting).tolist()
            self.waiting = []

    def table(self) -> dict[str, list[float]]:
        columns = zip(*self.settled, strict=True) if self.settled else [()] * len(self.columns)
        return {name: list(values) for name, values in zip(self.columns, columns, strict=True)}


def refuse_unwatched(recorders: dict[str, Any], output: StepOutput, method: str) -> None:
    """InputError if a recorder needs what the method does not watch."""
    for name, recorder in recorders.items():
        lacking = _lacking(recorder.needs, output.watch)
        if lacking:
            raise InputError(
                f"recorder {name!r} needs {', '.join(lacking)}, which method {method!r} does not have; "
                f"it has {', '.join(output.watch) or 'nothing to watch'}"
            )


def _lacking(needs: Iterable[str], watch: dict[str, object]) -> list[str]:
    return [word for word in needs if word not in watch]
