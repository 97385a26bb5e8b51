"""Cost as work grows: a step over its batch, its width and its queue; judging and rendering over the number of records.

Records are planted: published ones of a chapter under other seeds, so that a study of any size can be asked for.
"""

import time
from dataclasses import dataclass

from anatomy.runs.config import Run
from anatomy.storage.record import Record
from anatomy.study.study import Study
from anatomy.verdicts import render
from measuring import Curve, cpu_seconds, curve
from our_step import OurStep

BATCHES, WIDTHS, QUEUES = (32, 64, 128, 256, 512), (8, 16, 32, 64), (256, 1024, 4096, 16_384, 65_536)
RECORDS = (10, 100, 1000, 10_000)
PLANTED = "normalization"  # the chapter with the most published runs of one preset


def steps(precision: str) -> list[Curve]:
    """CPU seconds a step of a ResNet-8 on views of 16 x 16, batch 256, width 16, where nothing else is said."""
    made = {
        "images": [(n, {"batch": n}) for n in BATCHES],
        "width": [(width, {"width": width}) for width in WIDTHS],
        "keys": [(keys, {"method": "mocov2", "queue_size": keys}) for keys in QUEUES],
    }
    said = {"images": "a SimCLR step over its batch", "width": "a SimCLR step over the network's width",
            "keys": "a MoCo v2 step over its queue"}  # fmt: skip
    return [
        curve(said[x], x, "CPU seconds", [(at, a_step(precision, **given)) for at, given in points])
        for x, points in made.items()
    ]


def a_step(precision: str, *, width: int = 16, batch: int = 256, **other: object) -> float:
    step = OurStep(width, batch, precision, backbone="resnet8", size=16, **other)
    given = step.one_batch()
    return min(cpu_seconds(lambda: step.step(given), warm_up=True) for _ in range(3))


@dataclass(frozen=True)
class Judged:
    """A study whose records are planted: how many, and CPU seconds to read, judge and render them."""

    records: int
    seconds: float


def records(counts: tuple[int, ...] = RECORDS) -> list[Curve]:
    judged(1)  # imports, and the digests of the rules: once a process
    found = [judged(count) for count in counts]
    return [curve("judging and rendering a chapter's claims", "records", "CPU seconds",
                  [(one.records, one.seconds) for one in found])]  # fmt: skip


def judged(count: int) -> Judged:
    study = planted(count)
    began = time.process_time()
    rows = Study.verdicts(study)
    render.as_text(rows), render.as_json(rows)
    return Judged(len(study.found), time.process_time() - began)


def planted(count: int) -> Study:
    """The chapter at laptop with so many seeds that about `count` runs are there, floors among them."""
    there = Study(PLANTED, preset="laptop", records="use")
    templates: dict[str, list[Record]] = {}
    for run in there.runs:
        if record := there.published.get(there.key(run)):
            templates.setdefault(arm(run), []).append(record)
    runs_of_a_seed = len(there.runs) // len(there.seeds)
    study = Study(PLANTED, preset="laptop", records="use", seeds=range(max(1, count // runs_of_a_seed)))
    study.published = dict(plant(study, run, templates) for run in study.runs if arm(run) in templates)
    return study


def plant(study: Study, run: Run, templates: dict[str, list[Record]]) -> tuple[str, Record]:
    """A run's key, and a record of its arm under its seed."""
    same = templates[arm(run)]
    record = same[run.seed % len(same)]
    return study.key(run), {**record, "key": study.key(run), "run": run.content()}


def arm(run: Run) -> str:
    return repr(sorted(run.model_copy(update={"seed": 0}).flat().items(), key=str))
