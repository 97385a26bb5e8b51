"""Cost of a study over its runs and over its workers, from asking for runs that nobody has to their records on disk.

A run is smoke's, a second of training: what else a study does (processes that start and import torch, steps that are
timed, locks, records) is then a large part, and must not grow faster than the runs.
"""

import resource
import tempfile
import time

from anatomy.hardware.machine import Machine, cores
from anatomy.runs.config import Run
from anatomy.scheduling.sweep import sweep
from anatomy.storage.store import Store
from anatomy.study.presets import PRESETS
from measuring import Curve, curve

RUNS = (1, 2, 4, 8, 16)
OF_WORKERS = 8  # runs, whatever the number of workers


def curves() -> list[Curve]:
    """CPU seconds over runs with one worker, and wall seconds over workers; on one core there is no second worker."""
    counts = [count for count in (1, 2, 4, 8, 16) if count <= cores()]
    over_runs = [(runs, studied(runs, 1)[0]) for runs in RUNS]
    over_workers = [(workers, studied(OF_WORKERS, workers)[1]) for workers in counts]
    found = [curve("a study over its runs", "runs", "CPU seconds", over_runs)]
    said = f"a study of {OF_WORKERS} runs over its workers"
    return found + ([curve(said, "workers", "seconds", over_workers)] if len(counts) > 1 else [])


def studied(runs: int, workers: int) -> tuple[float, float]:
    """CPU seconds of this process and its workers, and seconds by the clock."""
    asked = [Run.of(temperature=0.1, seed=seed, **PRESETS["smoke"].run) for seed in range(runs)]
    with tempfile.TemporaryDirectory() as folder:
        began, spent = time.perf_counter(), _spent()
        sweep(asked, Store(folder), machine=Machine("cpu", "fp32", compile="no"), workers=workers, say=lambda _: None)
        return _spent() - spent, time.perf_counter() - began


def _spent() -> float:
    """CPU seconds so far of this process, and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
