"""What a step costs on a GPU, and how near it is to the card's limit.

    python benchmarks/card.py --json card.json        # the package's own environment; about four minutes
    ... --only small loss

big     A step of SimCo, ResNet-18 of width 64, 32 pixels: images in memory to updated weights, by batch and precision,
        as a CUDA graph, eager and compiled, beside the same network's forward and backward alone, made one by one.
small   The same of ResNet-8 of width 16, 16 pixels; and several runs at once, each a process of its own.
loss    InfoNCE over a queue, forward and backward.
knn     10,000 images against 50,000.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import normalize

from anatomy.hardware.machine import Machine
from anatomy.measures.knn import vote
from anatomy.runs import parts
from anatomy.runs.config import Run
from anatomy.similarity import Against
from anatomy.training.batches import batches
from anatomy.training.state import Training
from anatomy.training.train import autocast, prepare, train_step

WARM, STEPS = 5, 32  # views are made for 16 steps at once
BIG = {"backbone": "resnet18", "width": 64}
SIMCO = {"dataset": "shapes", "method": "simco", "measures": "", "recorders": "", "epochs": 1000}
SIMCO |= {"loss": "dual_temperature", "temperature_intra": 0.1, "temperature_inter": 1.0}
SMALL = {"backbone": "resnet8", "width": 16, "size": 16}


def main() -> None:
    parser = argparse.ArgumentParser(description="Steps, loss and kNN on a GPU.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the numbers here")
    parser.add_argument("--one", type=int, metavar="STEPS", help="steps of one small run only, without an answer")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART")
    arguments = parser.parse_args()
    if arguments.one:
        return small_run(arguments.one)
    found: dict[str, Any] = {"card": torch.cuda.get_device_name(), "torch": torch.__version__}
    found["bf16 matrix product, TFLOP/s"] = 2 * 8192**3 / seconds(product(8192)) / 1e12
    for part in arguments.only:
        found[part] = []
        for answer in PARTS[part]():
            found[part].append(answer)
            print(answer, flush=True)
            if arguments.json:
                arguments.json.write_text(json.dumps(found, indent=1) + "\n")


def big() -> Iterator[dict[str, Any]]:
    for precision in ("fp32", "bf16"):
        for batch in (32, 64, 256, 512):
            yield step(BIG, batch, precision)
    for way in ("eager", "compiled"):
        yield step(BIG, 512, "bf16", way)


def small() -> Iterator[dict[str, Any]]:
    for precision in ("fp32", "bf16"):
        for way in ("graph", "eager"):
            yield step(SMALL, 256, precision, way)
    for count in (1, 2, 4, 8, 16):
        yield at_once(count)


def training_of(network: dict[str, Any], batch: int, precision: str, way: str) -> Training:
    """`way`: graph, eager, or compiled (and a graph)."""
    run = Run.of(**SIMCO, batch_size=batch, **network)
    training = prepare(run, Machine("cuda", precision, 1, compile="yes" if way == "compiled" else "no"))
    if way == "eager":
        training.graph = None
    training.method.train()
    return training


def step(network: dict[str, Any], batch: int, precision: str, way: str = "graph") -> dict[str, Any]:
    """Milliseconds of a step, of its views and of the network alone; images a second; launches; memory."""
    torch.cuda.reset_peak_memory_stats()
    training = training_of(network, batch, precision, way)
    stream = endless(training)
    whole = seconds(lambda: train_step(training, next(stream), 1), STEPS)
    peak = torch.cuda.max_memory_allocated() / 1e6
    views = seconds(lambda: next(stream), STEPS)
    given = next(stream)

    def only_network() -> None:
        with autocast(training.machine):
            z = torch.cat([training.method.encoder(view) for view in given.views])
        z.float().square().sum().backward()

    alone = seconds(only_network, STEPS)
    return {
        "network": network["backbone"], "batch": batch, "precision": precision, "way": way, "step_ms": 1e3 * whole,
        "views_ms": 1e3 * views, "network_ms": 1e3 * alone, "images_per_second": batch / whole,
        "share_of_limit": alone / whole, "launches": launches(lambda: train_step(training, next(stream), 1)),
        "peak_mb": peak,
    }  # fmt: skip


def endless(training: Training) -> Any:
    while True:
        yield from batches(training)
        training.epoch += 1


def seconds(work: Callable[[], object], rounds: int = STEPS) -> float:
    """Mean of a call, the card's work included; the first calls do not count."""
    for _ in range(WARM):
        work()
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(rounds):
        work()
    torch.cuda.synchronize()
    return (time.perf_counter() - began) / rounds


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
    training = training_of(SMALL, 256, "fp32", "graph")
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


def loss() -> Iterator[dict[str, float]]:
    for keys in (4096, 65536, 2**20):
        yield info_nce_of(keys)


def info_nce_of(keys: int) -> dict[str, float]:
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


def knn() -> Iterator[dict[str, float]]:
    yield {"seconds": seconds(neighbours(), rounds=3)}


def neighbours() -> Callable[[], object]:
    bank, queries = (torch.randn(n, 512, device="cuda") for n in (50000, 10000))
    labels = torch.randint(10, (50000,), device="cuda")
    return lambda: vote(queries, bank, labels, k=200, vote_temperature=0.1)


PARTS: dict[str, Callable[[], Iterator[dict[str, Any]]]] = {"big": big, "small": small, "loss": loss, "knn": knn}

if __name__ == "__main__":
    main()
