"""Recorders: what is recorded while a method trains. One a file; file name = class name = its name in a parameter.

A recorder says what it `needs` of `StepOutput.watch`, so a run whose method lacks it is rejected before step 1. It
keeps its rows as tensors on the device and reads them once an epoch (a read per step would make a GPU wait). It is
called through the methods of `Recorder` and, if it wants the whole training set, of `WholeSetRecorder`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil, nan
from statistics import fmean
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor

from anatomy.errors import InputError
from anatomy.step import Method, StepOutput

MOST = 80  # recorded steps in a table, unless a recorder says otherwise: what a page draws, and a file of 10 KB


def binned(rows: list[list[float]], most: int) -> list[list[float]]:
    """At most `most` steps: the means over windows of consecutive ones, row by row of those that a step has.

    A curve needs no more points, and a mean over the last steps of a run stays what it was; only at the edge of such a
    share may a window hold steps of both sides.
    """
    first_of = windows(rows, most)
    if len({*first_of.values()}) == len(first_of):
        return rows
    places: Counter[float] = Counter()
    bins: dict[tuple[float, int], list[list[float]]] = {}
    for row in rows:
        bins.setdefault((first_of[row[0]], places[row[0]]), []).append(row)
        places[row[0]] += 1
    return [means(bin_) for bin_ in bins.values()]


def every_nth(rows: list[list[float]], most: int) -> list[list[float]]:
    """At most `most` steps, as they were recorded: of each window the first. For what has no mean that was ever there,
    as the histograms of scores that move."""
    first_of = windows(rows, most)
    return [row for row in rows if first_of[row[0]] == row[0]]


def windows(rows: list[list[float]], most: int) -> dict[float, float]:
    """By step the first one of its window, of at most `most` windows of consecutive steps."""
    steps = list(dict.fromkeys(row[0] for row in rows))
    size = max(1, ceil(len(steps) / most))
    return {step: steps[at - at % size] for at, step in enumerate(steps)}


def means(rows: Sequence[Sequence[float]]) -> list[float]:
    """The first entry of the first column, and the means of the others; six digits say all that a page shows."""
    first, *others = zip(*rows, strict=True)
    known = [[value for value in column if value == value] for column in others]
    return [first[0], *(float(f"{fmean(column):.6g}") if column else nan for column in known)]


Fewer = Callable[[list[list[float]], int], list[list[float]]]  # rows, at most so many steps


class Rows:
    """A table that grows on the device: `add` costs no synchronization, `fetch` reads what was added since.

    With a `window`, the table has the means over so many rows (the first column: its first), without NaN. A table of
    more than `most` steps (the first column) has `fewer` of them: the means over windows, or every so many-th.
    """

    def __init__(self, columns: Sequence[str], window: int = 1, most: int = MOST, fewer: Fewer = binned) -> None:
        self.columns, self.window, self.most, self.fewer = list(columns), window, most, fewer
        self.fetched: list[list[float]] = []
        self.waiting: list[Tensor] = []

    def add(self, rows: Tensor) -> None:
        """Rows [R, columns], float64."""
        self.waiting.append(rows)

    def fetch(self) -> None:
        if self.waiting:
            self.fetched += torch.cat(self.waiting).tolist()
            self.waiting = []

    def table(self) -> dict[str, list[float]]:
        rows = self.fetched
        if self.window > 1:
            rows = [means(rows[at : at + self.window]) for at in range(0, len(rows), self.window)]
        rows = self.fewer(rows, self.most)
        columns = zip(*rows, strict=True) if rows else [()] * len(self.columns)
        return {name: list(values) for name, values in zip(self.columns, columns, strict=True)}


@runtime_checkable
class Recorder(Protocol):
    """The contract of a recorder; a class need not derive from it."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The entries of `step.Watch` that it reads."""

    @property
    def rows(self) -> Rows:
        """The table that it fills."""

    def after_backward(self, step: int, output: StepOutput, method: Method) -> None:
        """Every r-th step, without gradient; the weights have their gradients and have not moved yet."""


@runtime_checkable
class WholeSetRecorder(Protocol):
    def end_of_epoch(self, step: int, method: Method, images: Iterable[Tensor]) -> None:
        """After so many steps: the clean training images in batches, the method in evaluation mode, no gradient."""


def check_needs(recorders: Mapping[str, Any], output: StepOutput, method: str) -> None:  # users' own too
    """InputError if a recorder needs what the method does not watch."""
    for name, recorder in recorders.items():
        lacking = [word for word in recorder.needs if word not in output.watch]
        if lacking:
            raise InputError(
                f"recorder {name!r} needs {', '.join(lacking)}, which method {method!r} does not have; "
                f"it has {', '.join(output.watch) or 'nothing to watch'}"
            )


def of_first(network: Callable[[Tensor], Tensor], images: Iterable[Tensor], count: int) -> Tensor:
    """What a network makes of the first `count` images of batches; the batches behind them are not looked at."""
    made: list[Tensor] = []
    for chunk in images:
        made.append(network(chunk))
        if sum(map(len, made)) >= count:
            break
    return torch.cat(made)[:count]
