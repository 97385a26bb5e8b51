"""What training will cost here, and with which precision and compilation it costs least: a few steps are timed."""

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

from anatomy import data
from anatomy.precision import worth_timing
from anatomy.speed import compiled_speed, convolution, speed
from anatomy.store import Store
from anatomy.timings import convolution_kind, kind_of, read_timings, timings
from anatomy.worker import Task

LONG = 1200.0  # seconds of a study on all workers: below, compiling cannot pay
WORTH = 0.9  # bf16 is used where a study needs less than this share of fp32's time with it
DECIDING = 4  # kinds of run, those with most work, by which a study chooses its precision


@dataclass(frozen=True)
class Plan:
    """What training the missing runs will cost here."""

    precision: str
    compile: str
    seconds: dict[str, float]  # of each run's steps, by key
    bytes: float

    def minutes(self, width: int) -> float:
        return sum(self.seconds.values()) / width / 60


def make_plan(tasks: dict[str, Task], missing: dict[str, Task], store: Store, processes: Executor, width: int) -> Plan:
    """What is best for all runs here, and what the missing ones will cost: a few steps of each kind are timed.

    One precision for a whole study, and compiled or not: arms that are compared must not differ in it. So it follows
    from all the tasks, also where some of them were finished by an earlier call.
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
    # Also of those that decide nothing: a run that cannot be is refused before another begins.
    known = timings(store, {kinds[key]: t for key, t in chosen.items()}, partial(speed, steps=1), processes)
    seconds = {key: steps[key] * known[kind][precision] + 1 for key, kind in kinds.items()}
    compiled = compilation(chosen, seconds, store, processes, width)
    size = sum(known[kinds[key]]["bytes"] for key in missing if key in kinds)
    return Plan(precision, compiled, {key: seconds.get(key, 1.0) for key in missing}, size)


def untimed(tasks: dict[str, Task], missing: dict[str, Task]) -> Plan:
    """Where no run has a step: single precision, unless another was asked for."""
    asked = next(iter(tasks.values())).machine.precision
    return Plan("fp32" if asked == "auto" else asked, "no", dict.fromkeys(missing, 1.0), 0.0)


def best_precision(tasks: dict[str, Task], steps: dict[str, int], store: Store, processes: Executor) -> str:
    """That which was asked for, or that alone may be quick here (`precision.worth_timing`); else the quicker one by the
    kinds of run that see most pixels, timed in both."""
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
    deciding = sorted(pixels, key=lambda kind: (-pixels[kind], kind))[:DECIDING]
    known = timings(store, {kind: tasks[key] for key, kind in kinds.items() if kind in deciding}, speed, processes)
    choices = set.intersection(*(set(known[kind]) & {"fp32", "bf16"} for kind in deciding))
    total = {p: sum(steps[key] * known[k][p] for key, k in kinds.items() if k in deciding) for p in choices}
    quick = "bf16" in total and ("fp32" not in total or total["bf16"] < WORTH * total["fp32"])
    return "bf16" if quick else "fp32"


def compilation(
    tasks: dict[str, Task], seconds: dict[str, float], store: Store, processes: Executor, width: int
) -> str:
    """yes where all runs together gain more by compiled steps than every worker spends on compiling.

    Measured on the kind of run that takes most of the time; a backbone is compiled anew for each batch size.
    """
    asked = next(iter(tasks.values())).machine.compile
    if asked != "auto" or sum(seconds.values()) / width < LONG:
        return "no" if asked == "auto" else asked
    kinds = {key: f"{task.machine.precision}, compiled: {kind_of(task)}" for key, task in tasks.items()}
    longest = max(tasks, key=lambda key: sum(seconds[k] for k in tasks if kinds[k] == kinds[key]))
    found = timings(store, {kinds[longest]: tasks[longest]}, compiled_speed, processes)[kinds[longest]]
    graphs = {(str(task.run.backbone), task.run.batch_size, task.run.size) for task in tasks.values()}
    gained = sum(seconds.values()) * (1 - found["share"])
    return "yes" if gained > width * len(graphs) * found["compiling"] else "no"


def data_steps(task: Task) -> int:
    """Optimizer steps of a run."""
    run = task.run
    count = data.train_count(run.dataset, task.data_root, images=run.images, evaluate_on=run.evaluate_on)
    return run.epochs * (count // run.batch_size)
