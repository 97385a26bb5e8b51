"""What `make benchmark` wrote under benchmarks/results/speed: a file a processor, and what stands in it."""

import json
from pathlib import Path
from typing import TypedDict, cast

RESULTS = Path(__file__).resolve().parent.parent / "benchmarks" / "results" / "speed"
CURVES = ("loss_curves", "step_curves", "record_curves", "study_curves")


class Row(TypedDict, total=False):
    what: str
    unit: str
    lightly: float
    ours: float
    ratio: float
    low: float
    high: float
    rounds: int
    share: float
    lightly_mb: float
    ours_mb: float
    cpu_seconds: float
    peak_mb: float | None
    aim: float | str


class Curve(TypedDict):
    what: str
    x: str
    y: str
    points: list[tuple[float, float]]
    slope: float


class Cost(TypedDict):
    """Training a chapter at a preset: its runs, and minutes of one core."""

    chapter: str
    preset: str
    runs: int
    cpu_minutes: float


class How(TypedDict):
    """A part's circumstances: `load` before and after it, processes that want a core over the cores."""

    wall_seconds: float
    load: tuple[float, float]
    matmul_gflops: float


class Measured(TypedDict, total=False):
    """A processor's file. benchmarks/benchmark.py writes it part by part, so a part may not be there."""

    kind: str
    cpu: str
    torch: str
    lightly: str
    precision: str
    commit: str
    date: str
    parts: dict[str, How]
    beside: list[Row]
    loss: list[Row]
    evaluation: list[Row]
    commands: list[Row]
    loss_curves: list[Curve]
    step_curves: list[Curve]
    record_curves: list[Curve]
    study_curves: list[Curve]
    chapter_costs: list[Cost]


def measured() -> list[Measured]:
    """What each processor's file holds, by name."""
    return [cast(Measured, json.loads(file.read_text("utf-8"))) for file in sorted(RESULTS.glob("*.json"))]


def curves(one: Measured) -> list[Curve]:
    return [curve for name in CURVES for curve in cast(list[Curve], one.get(name, []))]
