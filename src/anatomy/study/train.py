"""Train what a study lacks, stage by stage: in processes here, or on a cluster."""

import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, runtime_checkable

from anatomy import claims
from anatomy.runs.arm import Arm
from anatomy.runs.config import Run
from anatomy.scheduling.sweep import Outcome, Say, sweep
from anatomy.storage.tables import PAPER
from anatomy.study.request import Request


@runtime_checkable
class Staged(Protocol):
    """What is trained: a `Study`, whose stages may follow from the runs of others."""

    request: Request
    arms: list[tuple[Arm, list[Run]]]

    @property
    def stages(self) -> dict[str, list[Run]]: ...
    @property
    def runs(self) -> list[Run]: ...
    def key(self, run: Run) -> str: ...
    def forget(self) -> None: ...


def train(study: Staged, *, executor: Executor | None, say: Say | None) -> Outcome:
    """Until nothing is lacking or the study's time is over; where arms are tuned, what the final and the best are is
    known only after the stage before."""
    request, limit = study.request, study.request.time_limit
    until = None if limit is None else time.time() + limit
    with trainer(study, say) as train_all:
        while True:
            asked = study.runs
            try:
                outcome = train_all(
                    asked,
                    request.store,
                    data_root=request.data_root,
                    machine=request.machine,
                    workers=request.workers or request.preset.workers,
                    time_limit=None if until is None else max(0.0, until - time.time()),
                    rules=claims.rules(request.chapter),
                    executor=executor,
                    say=say,
                )
            finally:
                study.forget()
            if outcome.left or len(study.runs) == len(asked):
                return outcome


def trainer(study: Staged, say: Say | None) -> AbstractContextManager[Callable[..., Outcome]]:
    """`sweep` in processes here, or on a cluster, whose workers stay for all stages."""
    if study.request.cluster is None:
        return nullcontext(sweep)
    from anatomy.cluster.sweep import on_cluster  # most studies are trained here, and do without that room

    return on_cluster(study.request.cluster, lambda: units_of(study), say)


def units_of(study: Staged) -> dict[str, tuple[int, int]]:
    """What of the runs must be trained on one kind of processor."""
    from anatomy.cluster.units import units

    keyed = [(arm, [study.key(run) for run in runs]) for arm, runs in study.arms]
    return units(keyed, {study.key(run): run for run in study.runs}, alone=study.stages.keys() == {PAPER})
