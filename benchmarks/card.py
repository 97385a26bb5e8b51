"""What a step costs on a GPU, and how near it is to the card's limit.

    python benchmarks/card.py --json card.json        # the package's own environment; about three minutes

1. A step of SimCo, ResNet-18 of width 64, 32 pixels: images in memory to updated weights, by batch and precision,
   eager and compiled, beside the same network's forward and backward alone (the limit of a loop that costs nothing).
2. Small networks (ResNet-8 of width 16, 16 pixels), several runs at once: each is a process of its own.
3. InfoNCE over a queue, forward and backward, and kNN of 10,000 images against 50,000.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch.nn.functional import normalize

from anatomy import parts
from anatomy.config import Run
from anatomy.machine import Machine
from anatomy.measures.knn import vote
from anatomy.similarity import Against
from anatomy.train import Training, autocast, batches, prepare, train_step

WARM, STEPS = 5, 15
BIG = {"backbone": "resnet18", "width": 64}
SIMCO = {"dataset": "shapes", "method": "simco", "measures": "", "recorders": "", "epochs": 1000}
SIMCO |= {"loss": "dual_temperature", "temperature_intra": 0.1, "temperature_inter": 1.0}
SMALL = {"backbone": "resnet8", "width": 16, "size": 16}


def main() -> None:
    parser = argparse.ArgumentParser(description="Steps, loss and kNN on a GPU.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the numbers here")
    parser.add_argument("--one", type=int, metavar="STEPS", help="steps of one small run only, without an answer")
    arguments = parser.parse_args()
    if arguments.one:
        return small_run(arguments.one)
    found: dict[str, Any] = {"card": torch.cuda.get_device_name(), "torch": torch.__version__, "steps": []}
    found["bf16 matrix product, TFLOP/s"] = 2 * 8192**3 / seconds(product(8192)) / 1e12
    for precision in ("fp32", "bf16"):
        for batch in (32, 64, 256, 512):
            for compile in ("no", "yes") if batch >= 256 and precision == "bf16" else ("no",):
                found["steps"].append(step(batch, precision, compile))
                print(found["steps"][-1], flush=True)
    found["small"] = [at_once(count) for count in (1, 2, 4, 8, 16)]
    found["loss"] = [loss(keys) for keys in (4096, 65536, 2**20)]
    found["knn of 10,000 against 50,000, 512 dimensions, s"] = seconds(neighbours(), 3)
    print(json.dumps(found, indent=1))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")


def training_of(network: dict[str, Any], batch: int, precision: str, compile: str) -> Training:
    run = Run.of(**SIMCO, batch_size=batch, **network)
    training = prepare(run, Machine("cuda", precision, 1, compile=compile))
    training.method.train()
    return training


def step(batch: int, precision: str, compile: str) -> dict[str, Any]:
    """Milliseconds of a step, of its views and of the network alone; images a second; launches; memory."""
    torch.cuda.reset_peak_memory_stats()
    training = training_of(BIG, batch, precision, compile)
    stream = endless(training)
    whole = seconds(lambda: train_step(training, next(stream), 1), STEPS)
    peak = torch.cuda.max_memory_allocated() / 1e6
    views = seconds(lambda: next(stream), STEPS)
    given = next(stream)

    def network() -> None:
        with autocast(training.machine):
            z = torch.cat([training.method.encoder(view) for view in given.views])
        z.float().square().sum().backward()

    alone = seconds(network, STEPS)
    return {
        "batch": batch, "precision": precision, "compile": training.machine.compile, "step_ms": 1e3 * whole,
        "views_ms": 1e3 * views, "network_ms": 1e3 * alone, "images_per_second": batch / whole,
        "share_of_limit": alone / whole, "launches": launches(lambda: train_step(training, next(stream), 1)),
        "peak_mb": peak,
    }  # fmt: skip


def endless(training: Training) -> Any:
    while True:
        yield from batches(training)
        training.epoch += 1


def seconds(work: Callable[[], object], rounds: int = STEPS) -> float:
    """Median of a call, the card's work included; the first calls do not count."""
    for _ in range(WARM):
        work()
    times = []
    for _ in range(rounds):
        torch.cuda.synchronize()
        began = time.perf_counter()
        work()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - began)
    return median(times)


def launches(work: Callable[[], object]) -> int:
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CUDA]) as seen:
        work()
        torch.cuda.synchronize()
    return sum(event.count for event in seen.key_averages())


def product(side: int) -> Callable[[], object]:
    one = torch.randn(side, side, device="cuda", dtype=torch.bfloat16)
    return lambda: one @ one


def small_run(steps: int) -> None:
    training = training_of(SMALL, 256, "bf16", "no")
    for at, batch in enumerate(islice(endless(training), steps + WARM)):
        if at == WARM:
            torch.cuda.synchronize()
            began = time.perf_counter()
        train_step(training, batch, at)
    torch.cuda.synchronize()
    print(256 * steps / (time.perf_counter() - began))


def at_once(count: int) -> dict[str, float]:
    """Images a second of so many runs together; each is timed once it has begun."""
    command = [sys.executable, __file__, "--one", "400"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    speeds = [float(one.communicate()[0]) for one in running]
    return {"runs": count, "images_per_second": sum(speeds)}


def loss(keys: int) -> dict[str, float]:
    """InfoNCE of 256 anchors against a queue: milliseconds forward and backward, and the memory it takes."""
    queries = normalize(torch.randn(256, 128, device="cuda"), dim=1).requires_grad_()
    positive = normalize(torch.randn(256, 128, device="cuda"), dim=1)
    queue = normalize(torch.randn(keys, 128, device="cuda"), dim=1)
    info_nce = parts.load("loss", "info_nce")

    def work() -> None:
        info_nce((queries * positive).sum(1), Against(queries, queue), temperature=0.1).mean().backward()

    took = seconds(work)
    before = torch.cuda.memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    work()
    return {"keys": keys, "ms": 1e3 * took, "mb": (torch.cuda.max_memory_allocated() - before) / 1e6}


def neighbours() -> Callable[[], object]:
    bank, queries = (torch.randn(n, 512, device="cuda") for n in (50000, 10000))
    labels = torch.randint(10, (50000,), device="cuda")
    return lambda: vote(queries, bank, labels, k=200, vote_temperature=0.1)


if __name__ == "__main__":
    main()
