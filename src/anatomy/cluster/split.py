"""How a worker divides its slots (Dask's `--nthreads`): so many runs at a time, each on so many of torch's threads."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from anatomy.hardware.machine import Machine, cores
from anatomy.runs.config import valid_run
from anatomy.scheduling.speed import step_seconds
from anatomy.scheduling.worker import on_threads
from anatomy.settings import Settings

# A change must give a tenth more steps a second: timings are noisy, and runs on one thread have the same last digits on
# workers of any size.
WORTH = 1.1


@dataclass(frozen=True)
class Split:
    runs: int  # at a time
    threads: int  # of each


def best_split(content: Settings, machine: Machine, data_root: str | None, slots: int) -> Split:
    """Called on the worker: the split with the most steps a second.

    First 1, 2, 4, ... runs at a time, as long as that pays; on a processor then fewer runs on more threads each, unless
    the number of threads was asked for.
    """
    best, rate = Split(1, machine.threads or 1), 0.0
    for runs in doubled(slots):
        found = _rate(content, machine, data_root, Split(runs, best.threads))
        if found < WORTH * rate:
            break
        best, rate = Split(runs, best.threads), found
    if machine.threads or machine.resolved().gpu:
        return best
    for runs in doubled(slots // 2):
        wider = Split(runs, min(slots, cores()) // runs)
        if wider.threads > 1 and (found := _rate(content, machine, data_root, wider)) >= WORTH * rate:
            best, rate = wider, found
    return best


def doubled(most: int) -> list[int]:
    """1, 2, 4, ... up to `most`."""
    return [2**power for power in range(most.bit_length())]


def _rate(content: Settings, machine: Machine, data_root: str | None, split: Split) -> float:
    """Steps a second of all runs together."""
    run = valid_run(content)

    def timed() -> float:
        here = on_threads(replace(machine, threads=split.threads))
        return step_seconds(run, replace(here, compile="no"), data_root, steps=8)

    with ThreadPoolExecutor(split.runs) as threads:
        times = sorted(job.result() for job in [threads.submit(timed) for _ in range(split.runs)])
    return split.runs / times[split.runs // 2]
