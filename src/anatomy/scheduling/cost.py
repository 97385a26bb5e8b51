"""Estimate the cost of training here, and choose precision and compilation, by timing a few steps."""

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

from anatomy import data
from anatomy.data.imbalance import share_kept
from anatomy.hardware.precision import worth_timing
from anatomy.scheduling.speed import compiled_speed, convolution, speed
from anatomy.scheduling.timings import convolution_kind, kind_of, read_timings, timings
from anatomy.scheduling.worker import Task
from anatomy.storage.store import Store

COMPILE_ABOVE = 1200.0  # seconds of a study on all workers: below, compiling cannot pay
BF16_MAX_SHARE = 0.9  # bf16 is used where a study needs less than this share of fp32's time with it
PRECISION_KINDS = 4  # kinds of run, those with most work, by which a study chooses its precision


@dataclass(frozen=True)
class Plan:
    """What training the missing runs will cost here."""

    precision: str
    compile: str
    seconds: dict[str, float]  # of each run's steps, by key
    bytes: float

    def minutes(self, workers: int) -> float:
        return sum(self.seconds.values()) / workers / 60


def make_plan(
    tasks: dict[str, Task], missing: dict[str, Task], store: Store, processes: Executor, workers: int
) -> Plan:
    """Choose precision and compilation for all runs, and estimate the missing ones, by timing a few steps of each kind.

    Both hold for the whole study, since arms that are compared must not differ in them; so they follow from all tasks,
    also those that an earlier call finished.
    """
    steps = {key: data_steps(task) for key, task in tasks.items()}
    trained = {key: task for key, task in tasks.items() if steps[key]}  # the others have nothing to time
    if not trained:
        return untimed(tasks, missing)
    precision = best_precision(trained, steps, store, processes)
    chosen = {key: replace(t, machine=replace(t.machine, precision=precision)) for key, t in trained.items()}
    known = read_timings(store)
    asked_kinds = {key: kind_of(task) for key, task in trained.items()}
    kinds = {
        key: asked_kinds[key] if precision in known.get(asked_kinds[key], ()) else kind_of(t)
        for key, t in chosen.items()
    }
    # Also of those that decide nothing: a run that is not possible is rejected before another begins.
    known = timings(store, {kinds[key]: t for key, t in chosen.items()}, partial(speed, steps=1), processes)
    seconds = {key: steps[key] * known[kind][precision] + 1 for key, kind in kinds.items()}
    compiled = compilation(chosen, seconds, store, processes, workers)
    size = sum(known[kinds[key]]["bytes"] for key in missing if key in kinds)
    return Plan(precision, compiled, {key: seconds.get(key, 1.0) for key in missing}, size)


def untimed(tasks: dict[str, Task], missing: dict[str, Task]) -> Plan:
    """Where no run has a step: single precision, unless another was asked for."""
    asked = next(iter(tasks.values())).machine.precision
    return Plan("fp32" if asked == "auto" else asked, "no", dict.fromkeys(missing, 1.0), 0.0)


def best_precision(tasks: dict[str, Task], steps: dict[str, int], store: Store, processes: Executor) -> str:
    """The precision asked for, or the only one that may be fast here (`precision.worth_timing`); else the faster of
    both, timed on the kinds of run that see most pixels."""
    one = next(iter(tasks.values()))
    if one.machine.precision != "auto":
        return one.machine.precision
    kind = convolution_kind(one)
    worth = worth_timing(timings(store, {kind: one}, convolution, processes)[kind])
    if len(worth) == 1:
        return worth[0]
    kinds = {key: kind_of(task) for key, task in tasks.items()}
    pixels = dict.fromkeys(kinds.values(), 0)
    for key, task in tasks.items():
        pixels[kinds[key]] += steps[key] * task.run.batch_size * task.run.size**2
    deciding = sorted(pixels, key=lambda kind: (-pixels[kind], kind))[:PRECISION_KINDS]
    known = timings(store, {kind: tasks[key] for key, kind in kinds.items() if kind in deciding}, speed, processes)
    choices = set.intersection(*(set(known[kind]) & {"fp32", "bf16"} for kind in deciding))
    total = {p: sum(steps[key] * known[k][p] for key, k in kinds.items() if k in deciding) for p in choices}
    quick = "bf16" in total and ("fp32" not in total or total["bf16"] < BF16_MAX_SHARE * total["fp32"])
    return "bf16" if quick else "fp32"


def compilation(
    tasks: dict[str, Task], seconds: dict[str, float], store: Store, processes: Executor, workers: int
) -> str:
    """yes where compiled steps save all runs together more time than the workers spend compiling.

    Measured on the kind of run that takes most of the time; a backbone is compiled anew for each batch size.
    """
    asked = next(iter(tasks.values())).machine.compile
    if asked != "auto" or sum(seconds.values()) / workers < COMPILE_ABOVE:
        return "no" if asked == "auto" else asked
    kinds = {key: f"{task.machine.precision}, compiled: {kind_of(task)}" for key, task in tasks.items()}
    longest = max(tasks, key=lambda key: sum(seconds[k] for k in tasks if kinds[k] == kinds[key]))
    found = timings(store, {kinds[longest]: tasks[longest]}, compiled_speed, processes)[kinds[longest]]
    graphs = {(str(task.run.backbone), task.run.batch_size, task.run.size) for task in tasks.values()}
    gained = sum(seconds.values()) * (1 - found["share"])
    return "yes" if gained > workers * len(graphs) * found["compiling"] else "no"


def data_steps(task: Task) -> int:
    """Optimizer steps of a run."""
    run = task.run
    count = data.train_count(run.dataset, task.data_root, images=run.images, evaluate_on=run.evaluate_on)
    return run.epochs * (int(count * share_kept(run.imbalance)) // run.batch_size)
