"""Pilots of the regime for longer runs: which network, resolution and setting is worth its time. They judge nothing.

    PYTHONPATH=src python benchmarks/pilots.py --data-root folder --out pilots.json    # hours on a processor
    ... --device cuda --precision bf16 --workers 15 --minutes 6 --only stem1 "size 24"

Each departs from SimCo with two temperatures at one place. kNN accuracy on the held-out tenth of the training images;
never test images. benchmarks/results/regime_pilots.json holds what some of them gave on an H100.
"""

import argparse
import json
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from anatomy.hardware.machine import COMPILE, PRECISIONS, Machine
from anatomy.runs.config import Run
from anatomy.scheduling.worker import on_threads

Settings = dict[str, Any]
BASE: Settings = {
    "dataset": "cifar10", "method": "simco", "loss": "dual_temperature", "temperature_intra": 0.1,
    "temperature_inter": 1.0, "backbone": "resnet8", "width": 16, "size": 16, "epochs": 12, "batch_size": 256,
    "seed": 2000,
}  # fmt: skip
ONE: Settings = {"loss": "info_nce", "temperature": 0.1, "temperature_intra": None, "temperature_inter": None}
STEM: Settings = {"stem_stride": 1}
MOCO: Settings = ONE | {"method": "mocov2", "momentum": 0.99, "queue_size": 4096}
SIMSIAM: Settings = {
    "method": "simsiam", "predictor_hidden": 64, "loss": None, "temperature_intra": None, "temperature_inter": None,
    "projector": "mlp_norm", "hidden": 256, "dimension": 256, "learning_rate": 0.2, "weight_decay": 1e-4,
    "schedule": "constant", "measures": "knn,collapse",
}  # fmt: skip
PILOTS: dict[str, Settings] = {
    "base": {},
    "base, another seed": {"seed": 2001},
    "stem1": {"stem_stride": 1},
    "size 24": {"size": 24},
    "size 32": {"size": 32},
    "w 32": {"width": 32},
    "w 64": {"width": 64},
    "size 32 w32": {"size": 32, "width": 32},
    # at about the time of `base`
    "stem1 e6": {"stem_stride": 1, "epochs": 6},
    "size 24 e8": {"size": 24, "epochs": 8},
    "size 32 e6": {"size": 32, "epochs": 6},
    "w 32 e7": {"width": 32, "epochs": 7},
    "e4": {"epochs": 4},
    "w 32 e4": {"width": 32, "epochs": 4},
    "e36": {"epochs": 36},
    **{f"lr {rate}": {"learning_rate": rate} for rate in (0.06, 0.25, 0.5, 1.0)},
    **{f"crop {share}": {"crop_min": share} for share in (0.08, 0.4, 0.6)},
    **{f"batch {size}": {"batch_size": size} for size in (64, 128, 512)},
    **{f"wd {decay}": {"weight_decay": decay} for decay in (1e-4, 1e-3)},
    "jitter .2": {"jitter": 0.2, "hue": 0.05},
    "jitter .8": {"jitter": 0.8, "hue": 0.2},
    "gray 0": {"gray_share": 0.0},
    "intra .05": {"temperature_intra": 0.05},
    "intra .2": {"temperature_intra": 0.2},
    "infonce": ONE,
    "infonce T.2": ONE | {"temperature": 0.2},
    "simclr": ONE | {"method": "simclr"},
    "mocov2": MOCO,
    "mocov2, symmetric": MOCO | {"symmetric": True},
    "mocov2 stem1": MOCO | STEM,
    # the length: what has learned, by which arm
    **{f"stem1 e{n}": STEM | {"epochs": n} for n in (2, 4, 6, 8, 18, 36)},
    **{f"infonce stem1 e{n}": ONE | STEM | {"epochs": n} for n in (6, 12)},
    **{f"mocov2 stem1 e{n}": MOCO | STEM | {"epochs": n} for n in (4, 6, 8, 18)},
    **{f"mocov2 64 keys stem1 e{n}": MOCO | STEM | {"queue_size": 64, "epochs": n} for n in (6, 12)},
    **{
        f"batch 32, {name} stem1 e6": loss | STEM | {"batch_size": 32, "epochs": 6}
        for name, loss in (("two", {}), ("one", ONE))
    },
    "simmoco stem1 e6": STEM | {"method": "simmoco", "momentum": 0.99, "epochs": 6},
    # chapter two: when an encoder is decorrelated
    **{f"simsiam stem1 e{n}": SIMSIAM | STEM | {"epochs": n} for n in (4, 8, 16, 32)},
    "simsiam stem1 e8 rate .06": SIMSIAM | STEM | {"epochs": 8, "learning_rate": 0.06},
    "simsiam stem1 e8 rate .5": SIMSIAM | STEM | {"epochs": 8, "learning_rate": 0.5},
    "simsiam stem1 e8 final norm": SIMSIAM | STEM | {"epochs": 8, "final_norm": True},
    "simsiam stem1 e8 cosine": SIMSIAM | STEM | {"epochs": 8, "schedule": "cosine"},
    "simsiam stem1 e8 wd 5e-4": SIMSIAM | STEM | {"epochs": 8, "weight_decay": 5e-4},
    "simsiam w 32 e8": SIMSIAM | {"epochs": 8, "width": 32},
    "naive stem1 e8": SIMSIAM | STEM | {"method": "naive", "predictor_hidden": None, "epochs": 8},
    "simsiam e8": SIMSIAM | {"epochs": 8},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-root", required=True)
    parser.add_argument("--out", type=Path, required=True, help="the answers so far, rewritten after each")
    parser.add_argument("--only", nargs="+", choices=PILOTS, default=list(PILOTS), metavar="NAME")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", choices=PRECISIONS[1:], default="fp32")
    parser.add_argument("--compile", choices=COMPILE[1:], default="no")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1e6, help="what is not finished then is given up")
    given = parser.parse_args()
    machine = Machine(given.device, given.precision, 1, given.compile)
    found: list[Settings] = []
    for one in answers(given.only, machine, given.data_root, given.workers, time.time() + 60 * given.minutes):
        print(json.dumps(one), flush=True)
        found.append(one)
        given.out.write_text(json.dumps(found, indent=1) + "\n")


def answers(names: list[str], machine: Machine, data_root: str, workers: int, deadline: float) -> Iterator[Settings]:
    """Each pilot's, as they are ready."""
    tasks = [(name, machine, data_root, deadline) for name in names]
    with get_context("spawn").Pool(workers) as pool:
        yield from pool.imap_unordered(pilot, tasks, chunksize=1)


def pilot(task: tuple[str, Machine, str, float]) -> Settings:
    from anatomy.training.run_tables import run_tables
    from anatomy.training.train import fit, prepare

    name, machine, data_root, deadline = task
    run = run_of(PILOTS[name])
    training = prepare(run, on_threads(machine), data_root)
    began, started = time.process_time(), time.time()
    try:
        fit(training, deadline=deadline)
    except TimeoutError as late:
        return {"name": name, "stopped": str(late)}
    seconds = time.process_time() - began
    tables = run_tables(training)
    (accuracy,) = tables["knn"]["accuracy"]
    return {
        "name": name,
        "accuracy": accuracy,
        "cpu_seconds": seconds,
        "seconds": time.time() - started,
        **({"collapse": tables["collapse"]} if "collapse" in tables else {}),
        **training.machine.describe(),
        "run": run.content(),
    }


def run_of(change: Settings) -> Run:
    """What departs from BASE; None takes a setting away."""
    return Run.of(**{setting: value for setting, value in (BASE | change).items() if value is not None})


if __name__ == "__main__":
    main()
