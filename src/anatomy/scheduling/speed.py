"""How fast this machine is, timed by a worker before a study begins. Nothing is written."""

import time
from dataclasses import replace

from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.scheduling.processes import in_one_sentence
from anatomy.scheduling.worker import Task, on_threads


@in_one_sentence
def speed(task: Task, steps: int = 4) -> dict[str, float]:
    """Seconds a step in each precision that may be chosen, and bytes of a checkpoint; nothing is written."""
    from anatomy.training.network import build

    machine = on_threads(task.machine)
    choices = ["fp32", "bf16"] if machine.precision == "auto" else [machine.precision]
    eager = replace(machine, compile="no")
    timed = {p: step_seconds(task.run, replace(eager, precision=p), task.data_root, steps) for p in choices}
    weights = sum(t.numel() * t.element_size() for t in build(task.run).state_dict().values())
    return {**timed, "bytes": 2.0 * weights}  # weights, and about as much of the optimizer's


@in_one_sentence
def convolution(task: Task) -> dict[str, float]:
    """Seconds of one convolution in each precision, on the task's device and threads."""
    from anatomy.hardware.precision import convolution_seconds

    return convolution_seconds(on_threads(task.machine).device)


@in_one_sentence
def compiled_speed(task: Task) -> dict[str, float]:
    """A compiled step's share of the time of an eager one, and the seconds to compile; 1 where it cannot be done."""
    machine, began = on_threads(task.machine), time.perf_counter()
    try:
        compiled = step_seconds(task.run, replace(machine, compile="yes"), task.data_root)
    except Exception:  # no C++ compiler, and many other ways to fail; none is a reason not to train
        return {"share": 1.0, "compiling": 0.0}
    compiling = time.perf_counter() - began
    eager = step_seconds(task.run, replace(machine, compile="no"), task.data_root)
    return {"share": compiled / eager, "compiling": compiling}


def step_seconds(run: Run, machine: Machine, data_root: str | None, steps: int = 4) -> float:
    """Median seconds a step on this machine, views included; the first two steps do not count."""
    from anatomy.training.batches import batches
    from anatomy.training.train import prepare, train_step

    training = prepare(run, machine, data_root)
    training.method.train()
    times = []
    for step, batch in zip(range(2 + steps), batches(training), strict=False):
        train_step(training, batch, step).loss.item()  # waits for the device
        times.append(time.perf_counter())
    gaps = sorted(b - a for a, b in zip(times[1:], times[2:], strict=False)) or [0.1]
    return gaps[len(gaps) // 2]
