"""What training a chapter costs here at a preset, in minutes of one core: the arithmetic of the presets, measured.

Each kind of step is timed once, on embedded images, since the time depends on the size of the views and not on the set.
Runs that tuning chooses later, and what is measured after training, come on top.
"""

import json
import tempfile
import time
from typing import TypedDict

from anatomy import data, studies
from anatomy.data.imbalance import share_kept
from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.study.study import Study
from anatomy.training.batches import batches
from anatomy.training.train import prepare, train_step

TIMED = ("laptop", "overnight")
TRAINED_ON = {"cifar10": 50_000}  # of a set that need not be here, with its test images put aside
SETTINGS = ("batch_size", "size", "optimizer", "record_every")
STEPS = 2  # after one that does not count


class Cost(TypedDict):
    """A chapter's training at a preset: its runs, and minutes of one core."""

    chapter: str
    preset: str
    runs: int
    cpu_minutes: float


def measured(precision: str) -> list[Cost]:
    timed: dict[str, float] = {}
    return [cost(chapter, preset, precision, timed) for preset in TIMED for chapter in studies.names()]


def cost(chapter: str, preset: str, precision: str, timed: dict[str, float]) -> Cost:
    """`timed`: seconds a step by its kind, to which those of new kinds are added."""
    with tempfile.TemporaryDirectory() as store:
        runs = [run for run in Study(chapter, preset=preset, records="ignore", store=store).runs if run.epochs]
    for run in runs:
        if kind(run) not in timed:
            timed[kind(run)] = step_seconds(run, precision)
    seconds = sum(steps(run) * timed[kind(run)] for run in runs)
    return {"chapter": chapter, "preset": preset, "runs": len(runs), "cpu_minutes": round(seconds / 60, 1)}


def kind(run: Run) -> str:
    """What the time of a step depends on: the parts, and of their options words and whole numbers (a queue's size, not
    a temperature)."""
    parts = [
        (of, part.name, {name: said for name, said in part.options.items()
                         if not isinstance(said, float) and said not in run.others})
        for of, part in run.all_parts() if of != "measure"
    ]  # fmt: skip
    return json.dumps([parts, [getattr(run, name) for name in SETTINGS]], sort_keys=True)


def steps(run: Run) -> int:
    """Of the whole run."""
    count = run.images or TRAINED_ON.get(run.dataset) or data.train_count(run.dataset, evaluate_on=run.evaluate_on)
    return run.epochs * (int(count * share_kept(run.imbalance)) // run.batch_size)


def step_seconds(run: Run, precision: str) -> float:
    """CPU seconds from images in memory to updated weights."""
    most = data.train_count(data.EMBEDDED)
    images = min(run.images or most, most)  # as many as a method's memory was made for
    embedded = {"dataset": data.EMBEDDED, "images": images, "evaluate_on": "held_out", "imbalance": 1.0}
    training = prepare(run.model_copy(update=embedded), Machine("cpu", precision, compile="no"))
    training.method.train()
    ends = []
    for step, batch in zip(range(1 + STEPS), batches(training), strict=False):
        train_step(training, batch, step)
        ends.append(time.process_time())
    return (ends[-1] - ends[0]) / (len(ends) - 1)
