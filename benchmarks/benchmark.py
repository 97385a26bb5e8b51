"""make benchmark: what is slow and what is fast here, beside lightly, in one process, on one thread.

    PYTHONPATH=src .venv-benchmark/bin/python benchmarks/benchmark.py [--rounds N] [--compile] [--only beside,loss]

Writes benchmarks/results/speed/KIND.json, where KIND is the processor's family and widest instructions, after each
part; the book's page "Speed" and the README's table are drawn from these files. Where float32 is the faster precision,
or may be, it comes first.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lightly
import torch

import beside_lightly
import chapter_costs
import command_costs
import evaluation
import growth
import losses
import study_growth
from anatomy.hardware.machine import Machine, commit, cpu_model
from anatomy.hardware.precision import convolution_seconds, worth_timing
from anatomy.hardware.processors import kind
from anatomy.scheduling.worker import on_threads
from measuring import cpu_seconds, matmul_gflops
from our_step import OurStep

RESULTS = Path(__file__).parent / "results" / "speed"
Part = Callable[[], dict[str, object]]


def main() -> None:
    given = arguments()
    on_threads(Machine("cpu"))
    torch.manual_seed(0)
    gflops, precision = matmul_gflops(), faster_precision()
    found = about(precision)
    file = given.json or RESULTS / f"{found['kind']}.json"
    for name, part in parts(given, precision).items():
        if given.only and name not in given.only.split(","):
            continue
        began, load_before = time.perf_counter(), load()
        found |= part()
        took = round(time.perf_counter() - began, 1)
        how = {"wall_seconds": took, "load": [load_before, load()], "matmul_gflops": round(gflops, 1)}
        earlier = kept(file)
        file.parent.mkdir(exist_ok=True)
        whole = {**earlier, **found, "parts": {**earlier.get("parts", {}), name: how}}
        file.write_text(json.dumps(whole, indent=1) + "\n")
        print(f"{name}: {took:.0f} s")
    print(file)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Our speed, beside lightly's and as work grows.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write here, not under benchmarks/results/speed")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each side (default: 5)")
    parser.add_argument("--compile", action="store_true", help="also our compiled step: minutes to compile")
    parser.add_argument("--only", help="some of the parts: loss,commands,growth,evaluation,beside,chapters")
    return parser.parse_args()


def parts(given: argparse.Namespace, precision: str) -> dict[str, Part]:
    return {
        "loss": lambda: {"loss": losses.measured(given.rounds), "loss_curves": losses.curves()},
        "commands": lambda: {"commands": command_costs.measured()},
        "growth": lambda: {
            "step_curves": growth.steps(precision),
            "record_curves": growth.records(),
            "study_curves": study_growth.curves(),
        },
        "evaluation": lambda: {"evaluation": evaluation.measured()},
        "beside": lambda: {"beside": beside_lightly.measured(given.rounds, precision, given.compile)},
        "chapters": lambda: {"chapter_costs": chapter_costs.measured(precision)},
    }


def faster_precision() -> str:
    """Of a step; whole steps are timed only where a convolution leaves it open, float32 first."""
    worth = worth_timing(convolution_seconds("cpu"))
    if len(worth) == 1:
        return worth[0]
    return min(worth, key=lambda name: cpu_seconds(OurStep(16, 64, name), warm_up=True))


def about(precision: str) -> dict[str, object]:
    name = kind({"device": "cpu", "cpu": cpu_model(), "precision": precision}).removesuffix(f"-{precision}")
    return {
        "kind": name, "cpu": cpu_model(), "torch": torch.__version__, "lightly": lightly.__version__,
        "precision": precision, "commit": commit(),
        "date": datetime.now(UTC).date().isoformat(),
    }  # fmt: skip


def kept(file: Path) -> dict[str, Any]:
    """What an earlier call measured of the parts that this one leaves out."""
    return json.loads(file.read_text()) if file.exists() else {}


def load() -> float:
    """Processes that want to run, mean of the last minute, over the cores: above 1 others wait."""
    return round(os.getloadavg()[0] / (os.cpu_count() or 1), 1)


if __name__ == "__main__":
    main()
