"""A study of 100,000 runs on 1,000 workers, with Dask's own scheduler and workers.  `make cluster-scale`

    python benchmarks/cluster_simulation.py --runs 100000 --workers 1000 --faster 1.5

Training is replaced by a sleep of the seconds that published runs took, `--faster` times shorter. The scheduler and the
workers are those of Dask, all in this process: each worker with its state machine and a heartbeat a minute, without
threads and a profile of its own. The submitting command is another process; it is killed once half of the runs were
asked for, and called again, which may ask for the rest alone. Lines of JSON; an AssertionError where a run was trained
a second time.
"""

import argparse
import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, nullcontext
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

from anatomy.data import digest  # noqa: E402
from anatomy.runs.config import Run  # noqa: E402
from anatomy.settings import Settings  # noqa: E402
from anatomy.storage.record import Record, as_written, published  # noqa: E402
from anatomy.storage.store import Store  # noqa: E402

ARMS = 80
# What every worker of Dask does for itself many times a second, and a thousand in one process cannot.
QUIET = {
    "distributed.admin.system-monitor.interval": "1h",
    "distributed.admin.tick.interval": "1h",
    "distributed.admin.tick.cycle": "1h",
    "distributed.worker.profile.enabled": False,
    "distributed.admin.low-level-log-length": 0,
}


def many(count: int) -> list[Run]:
    """ARMS batch sizes, and as many seeds as that takes."""
    from tiny import tiny

    first = tiny(epochs=1, recorders="")
    return [first.model_copy(update={"seed": at // ARMS, "batch_size": 2 + at % ARMS}) for at in range(count)]


class Simulation:
    """What the workers do instead of training, and what they were asked."""

    def __init__(self, template: Record, faster: float) -> None:
        took = sorted(record["provenance"]["seconds"] for record in published(HERE.parent / "records").values())
        self.seconds = [took[at * len(took) // ARMS] / faster for at in range(ARMS)]
        self.template: dict[str, Any] = {**template}
        self.asked: set[str] = set()
        self.trained: list[str] = []
        self.kept: dict[str, set[str]] = {}  # by worker: what it has finished and not handed back

    def takes(self, content: Settings) -> float:
        return self.seconds[int(str(content.get("batch_size", 256))) - 2]

    async def train(self, order: Any) -> Any:
        import distributed

        from anatomy.cluster.remote import Returned

        mine = self.kept.setdefault(distributed.get_worker().address, set())
        mine -= {*order.delivered}
        self.asked.add(order.key)
        fetched = order.key in mine
        if not fetched:
            await asyncio.sleep(self.takes(order.content))
            self.trained.append(order.key)
            mine.add(order.key)
        record = as_written({**self.template, "key": order.key, "run": order.content})  # type: ignore[typeddict-item]
        return Returned(order.key, record=record, fetched=fetched)

    def plan(self, contents: list[Settings], *rest: object) -> dict[str, object]:
        seconds = [self.takes(content) for content in contents]
        return {"precision": "fp32", "compile": "no", "seconds": seconds, "bytes": 0.0}

    def finished(self) -> dict[str, str]:
        import distributed

        return dict.fromkeys(self.kept.get(distributed.get_worker().address, ()), "finished")

    def forget(self, keys: list[str]) -> None:
        import distributed

        self.kept.get(distributed.get_worker().address, set()).difference_update(keys)


async def simulate(given: argparse.Namespace, simulation: Simulation) -> None:
    """The cluster, and the command twice."""
    import dask
    import distributed

    from anatomy.cluster import remote, scratch

    for module, name, by in [
        (remote, "train", simulation.train), (remote, "plan", simulation.plan),
        (scratch, "kept", simulation.finished), (scratch, "forget", simulation.forget),
    ]:  # fmt: skip
        setattr(module, name, by)
    logging.disable()  # of a client that was killed
    # The most of a heartbeat is the worker's part, which is to be on another machine.
    distributed.scheduler.heartbeat_interval = lambda count: 60.0
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        stack.enter_context(dask.config.set(QUIET))
        ports = {"protocol": ["tcp", "inproc"], "port": [0, 0], "host": ["127.0.0.1", None]}
        scheduler = await stack.enter_async_context(distributed.Scheduler(dashboard=False, **ports))
        tcp, here = [listener.contact_address for listener in scheduler.listeners]
        options: dict[str, Any] = {"nthreads": 1, "memory_limit": 0, "dashboard": False}
        options["executor"] = stack.enter_context(ThreadPoolExecutor(4))  # a sleep needs no thread, and few calls do
        for _ in range(given.workers):
            await stack.enter_async_context(distributed.Worker(here, local_directory=given.folder, **options))
        say(workers=len(scheduler.workers), seconds_to_start=time.monotonic() - began)
        await commands(given, simulation, tcp)


async def commands(given: argparse.Namespace, simulation: Simulation, address: str) -> None:
    first = submitter(given, address)
    while len(simulation.asked) < given.runs // 2 and first.poll() is None:
        await asyncio.sleep(0.1)
    say(command="first, killed", asked=len(simulation.asked), trained=len(simulation.trained), GB=peak(first))
    first.send_signal(signal.SIGKILL)
    first.wait()
    delivered, before = len(list(Path(given.folder, "runs").glob("*/record.json"))), {*simulation.asked}
    simulation.asked.clear()
    began, second = time.monotonic(), submitter(given, address)
    gigabytes = 0.0
    while second.poll() is None:
        gigabytes = peak(second) or gigabytes
        await asyncio.sleep(0.5)
    again = len(before & simulation.asked)
    say(command="second", found=delivered, asked=len(simulation.asked), asked_twice=again, GB=gigabytes)
    took, share = time.monotonic() - began, sum(simulation.seconds) / ARMS
    say(seconds=took, least_seconds=share * len(simulation.asked) / given.workers, trained=len(simulation.trained))
    assert second.returncode == 0, f"exit code {second.returncode}"
    assert len(simulation.asked) == given.runs - delivered, "what the store has was asked for again"
    assert len(simulation.trained) == len({*simulation.trained}) == given.runs, "runs were trained twice"


def submitter(given: argparse.Namespace, address: str) -> "subprocess.Popen[bytes]":
    words = ["--submit", address, "--runs", str(given.runs), "--folder", given.folder]
    return subprocess.Popen([sys.executable, __file__, *words])


def peak(process: "subprocess.Popen[bytes]") -> float:
    """GB that a process has held at most, as Linux counts; 0 once it has ended."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1e6 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def submit(given: argparse.Namespace) -> None:
    """The submitting command: what `anatomy study` does after it knows its runs."""
    from anatomy.cluster import sweep as module
    from anatomy.cluster.address import Place
    from tiny import MACHINE

    module.laid = lambda store, token: nullcontext()  # no shared disk
    runs = many(given.runs)
    units = {run.key(digest("shapes")): (run.seed, 0) for run in runs}
    place = Place("scheduler", address=given.submit)
    with module.on_cluster(place, lambda: units) as train:
        train(runs, Store(Path(given.folder, "runs")), machine=MACHINE)


def say(**about: object) -> None:
    print(json.dumps({"load": os.getloadavg()[0], **about}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=1_000)
    parser.add_argument("--faster", type=float, default=1.0)
    parser.add_argument("--folder")
    parser.add_argument("--submit", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.submit:
        return submit(given)
    from tiny import swept

    with tempfile.TemporaryDirectory() as folder:
        given.folder, one = folder, Store(f"{folder}/one")
        template = one.record(swept(one, many(1)).keys[0])
        assert template is not None
        asyncio.run(simulate(given, Simulation(template, given.faster)))


if __name__ == "__main__":
    main()
