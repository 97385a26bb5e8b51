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

from anatomy.config import Run
from anatomy.machine import COMPILE, PRECISIONS, Machine

Settings = dict[str, Any]
BASE: Settings = {
    "dataset": "cifar10", "method": "simco", "loss": "dual_temperature", "temperature_intra": 0.1,
    "temperature_inter": 1.0, "backbone": "resnet8", "width": 16, "size": 16, "epochs": 12, "batch_size": 256,
    "seed": 2000,
}  # fmt: skip
ONE: Settings = {"loss": "info_nce", "temperature": 0.1, "temperature_intra": None, "temperature_inter": None}
MOCO: Settings = ONE | {"method": "mocov2", "momentum": 0.99, "queue_size": 4096}
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
    "mocov2 stem1": MOCO | {"stem_stride": 1},
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
    import torch

    from anatomy.run_tables import run_tables
    from anatomy.train import fit, prepare

    name, machine, data_root, deadline = task
    torch.set_num_threads(1)
    run = run_of(name)
    training = prepare(run, machine.resolved(), data_root)
    began = time.process_time()
    try:
        fit(training, deadline=deadline)
    except TimeoutError as late:
        return {"name": name, "stopped": str(late)}
    seconds = time.process_time() - began
    (accuracy,) = run_tables(training)["knn"]["accuracy"]
    return {
        "name": name,
        "accuracy": accuracy,
        "cpu_seconds": seconds,
        **training.machine.describe(),
        "run": run.content(),
    }


def run_of(name: str) -> Run:
    return Run.of(**{setting: value for setting, value in (BASE | PILOTS[name]).items() if value is not None})


if __name__ == "__main__":
    main()
