"""How the benchmarks measure: CPU seconds of one thread, two sides in turns, memory by the kernel's own mark.

Neighbors on the machine slow both sides of a round alike, so seconds vary from run to run by 30 % and ratios hardly.
"""

import ctypes
import time
from collections.abc import Callable, Sequence
from math import log
from pathlib import Path
from statistics import linear_regression, median
from typing import TypedDict

import torch
from torch.nn.functional import conv2d

Work = Callable[[], object]


class Beside(TypedDict, total=False):
    """One row of the table beside lightly. Rates are images a second of one core, or seconds where `unit` says so."""

    what: str
    unit: str
    lightly: float
    ours: float
    ratio: float  # median of the rounds' ratios; above 1 we are faster
    low: float
    high: float
    rounds: int
    share: float  # of what this core's matrix products would allow, measured in the same run
    lightly_mb: float
    ours_mb: float


class Curve(TypedDict):
    """What a cost does as the work grows: its slope in logarithms is 1 where it is linear."""

    what: str
    x: str
    y: str
    points: list[tuple[float, float]]
    slope: float


def cpu_seconds(work: Work, warm_up: bool = False) -> float:
    """CPU seconds of the process for one call; with a call before it that does not count."""
    if warm_up:
        work()
    start = time.process_time()
    work()
    return time.process_time() - start


def in_turns(theirs: Work, ours: Work, rounds: int) -> list[tuple[float, float]]:
    """CPU seconds (theirs, ours) of each round; the first call of each does not count."""
    theirs(), ours()
    return [(cpu_seconds(theirs), cpu_seconds(ours)) for _ in range(rounds)]


def beside(what: str, theirs: Work, ours: Work, rounds: int, *, images: int | None = None) -> Beside:
    """Medians of rounds in which the two sides take turns: images a second, or without `images` seconds."""
    seconds = in_turns(theirs, ours, rounds)
    ratios = [their / our for their, our in seconds]
    their, our = (median(side) for side in zip(*seconds, strict=True))
    return {
        "what": what,
        "unit": "images / s" if images else "s",
        "lightly": round(images / their, 1) if images else round(their, 4),
        "ours": round(images / our, 1) if images else round(our, 4),
        "ratio": round(median(ratios), 2),
        "low": round(min(ratios), 2),
        "high": round(max(ratios), 2),
        "rounds": rounds,
    }


DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def share(operations: float, seconds: float, precision: str = "fp32") -> float:
    """Of the highest rate at which this core would do so many multiplications and additions, measured now."""
    return round(operations / seconds / ceiling_gflops(precision) / 1e9, 2)


def ceiling_gflops(precision: str) -> float:
    """The faster of a matrix product and a convolution: on an EPYC with AVX-512, MKL's products in float32 reach half
    of what oneDNN's convolutions do."""
    return max(matmul_gflops(precision), convolution_gflops(precision))


def matmul_gflops(precision: str = "fp32", size: int = 1024) -> float:
    """What this core does in matrix products, billions of operations a second."""
    a, b = (torch.randn(size, size).to(DTYPES[precision]) for _ in range(2))
    return gflops(lambda: a @ b, 2 * size**3)


def convolution_gflops(precision: str, images: int = 32, channels: int = 128, size: int = 16) -> float:
    """The same of 3 x 3 convolutions, channels last."""
    x = torch.randn(images, channels, size, size).to(DTYPES[precision], memory_format=torch.channels_last)
    weight = torch.randn(channels, channels, 3, 3).to(DTYPES[precision], memory_format=torch.channels_last)
    return gflops(lambda: conv2d(x, weight, padding=1), 2 * images * size**2 * 9 * channels**2)


def gflops(work: Work, operations: int, rounds: int = 10) -> float:
    return operations / min(cpu_seconds(work, warm_up=True) for _ in range(rounds)) / 1e9


def peak_mb(work: Work) -> float | None:
    """How far the memory of this process rises during a call, MB; None where the system does not say (not Linux)."""
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)  # what was freed before would be used again, and not be seen
        Path("/proc/self/clear_refs").write_text("5")
        before = _status("VmRSS")
        work()
        return round((_status("VmHWM") - before) / 1024, 1)
    except OSError:
        return None


def _status(name: str) -> float:
    """A line of /proc/self/status, kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(name))


def curve(what: str, x: str, y: str, points: Sequence[tuple[float, float]]) -> Curve:
    """The points with the slope of log y over log x, by least squares."""
    slope = linear_regression([log(x) for x, _ in points], [log(y) for _, y in points]).slope
    return {"what": what, "x": x, "y": y, "points": [(x, round(y, 6)) for x, y in points], "slope": round(slope, 2)}
