"""`anatomy doctor`: what this machine has."""

import argparse
import json
import shutil
import sys

from anatomy.cli.flags import check_no_rest
from anatomy.cli.parser import Parser, common_flags
from anatomy.hardware.machine import Machine, commit, cores, cpu_model
from anatomy.runs.config import Run
from anatomy.scheduling.cost import BF16_MAX_SHARE
from anatomy.storage.store import Store


def flags(parser: Parser) -> None:
    common_flags(parser, "store", "device", "json")


def main(known: argparse.Namespace, rest: list[str]) -> int:
    """Facts, one a line."""
    check_no_rest(rest)
    import torch

    store, machine = Store(known.store), Machine(known.device).resolved()
    runs = len(store.keys())
    place = store.root.absolute()
    disk = shutil.disk_usage(next(p for p in (place, *place.parents) if p.exists()))
    browser = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    facts = {
        "python": sys.version.split()[0],
        "torch": torch.__version__,
        "device": machine.where if machine.gpu else "cpu",
        "cpu": f"{cpu_model()}, {cores()} cores",
        "precision": precision_here(machine),
        "threads": f"{machine.threads} a run; runs at a time: {machine.runs_at_once()}",
        "store": f"{place}, {store.size() / 1e6:.0f} MB in {runs} runs",
        "disk": f"{disk.free / 1e9:.0f} GB free",
        "browser": browser or "none: the browser check is skipped",
        "commit": commit(),
    }
    print(
        json.dumps(facts, indent=1) if known.json else "\n".join(f"{name:<10} {text}" for name, text in facts.items())
    )
    return 0


def precision_here(machine: Machine) -> str:
    """The precision that a study would choose, and why; steps are timed where a convolution does not decide it."""
    from anatomy.hardware.precision import worth_timing
    from anatomy.scheduling.speed import convolution, speed
    from anatomy.scheduling.worker import Task

    task = Task(Run.of(temperature=0.1, images=1024).content(), "", None, machine, {})
    what, timed = "convolution", convolution(task)
    worth = worth_timing(timed)
    if len(worth) > 1:
        what, timed = "step", speed(task)
        worth = ("bf16" if timed["bf16"] < BF16_MAX_SHARE * timed["fp32"] else "fp32",)
    ratio = timed["fp32"] / timed["bf16"]
    return f"{worth[0]} (a {what} in bf16 is {ratio:.2f} times as fast as in fp32)"
