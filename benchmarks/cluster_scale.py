"""What a run costs on a cluster beside its training, and whether large studies fit: training is replaced by a sleep.

    python benchmarks/cluster_scale.py --runs 1000 --workers 1,2,4,8  # Dask, its workers threads here
    python benchmarks/cluster_scale.py --virtual --runs 100000 --workers 1000  # no Dask, and a clock of our own

The first sends real orders, checks real records and writes them. The second asks `Dispatch` alone, with runs that take
5 to 300 seconds, and again after half of them. Lines of JSON.
"""

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import time
from contextlib import nullcontext
from heapq import heappop, heappush
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

from anatomy.cluster.dispatch import Dispatch  # noqa: E402
from anatomy.cluster.pace import Worker  # noqa: E402
from anatomy.data import digest  # noqa: E402
from anatomy.runs.config import Run  # noqa: E402


def many(count: int) -> list[Run]:
    from tiny import tiny

    first = tiny(epochs=1, recorders="")
    return [first.model_copy(update={"seed": seed}) for seed in range(count)]


def memory() -> float:
    """GB at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def on_dask(runs: list[Run], workers: int, seconds: float, template: Any) -> dict[str, float]:
    """Milliseconds of a run and worker beside its sleep: order, transport, check, write."""
    import distributed

    from anatomy.cluster import remote
    from anatomy.cluster import sweep as module
    from anatomy.cluster.address import Place
    from anatomy.cluster.engine import Engine
    from anatomy.cluster.remote import Order, Returned
    from anatomy.cluster.sweep import sweep_there
    from anatomy.storage.record import as_written
    from anatomy.storage.store import Store
    from tiny import MACHINE

    def train(order: Order) -> Returned:
        time.sleep(seconds)
        return Returned(order.key, record=as_written({**template, "key": order.key, "run": order.content}))

    def plan(contents: list[Any], *rest: object) -> dict[str, Any]:
        return {"precision": "fp32", "compile": "no", "seconds": [seconds] * len(contents), "bytes": 0.0}

    remote.train, remote.plan = train, plan
    module.laid = lambda store, token: nullcontext()  # no shared disk
    units = {run.key(digest("shapes")): (run.seed, 0) for run in runs}
    options: dict[str, Any] = {"processes": False, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ANATOMY_SCRATCH"] = f"{folder}/scratch"
        with distributed.LocalCluster(n_workers=workers, memory_limit=0, **options) as cluster:
            with distributed.Client(cluster, set_as_default=False) as client:
                engine, began = Engine(Place("scheduler"), client), 0.0

                def say(line: str) -> None:
                    nonlocal began
                    began = began or time.perf_counter()  # the first line: workers have been asked

                done = sweep_there(
                    lambda: engine, lambda: units, runs, Store(f"{folder}/runs"), machine=MACHINE, say=say
                )
                took = time.perf_counter() - began
    assert len(done.keys) == len(runs)
    return {"seconds": took, "overhead_ms": 1000 * (took * workers / len(runs) - seconds)}


def virtual(keys: list[str], workers: int, chance: random.Random) -> dict[str, float]:
    """Seconds of a processor for all decisions, and the share of the workers' time that is busy."""
    took = {key: chance.uniform(5, 300) for key in keys}
    units = {key: at % 1000 for at, key in enumerate(keys)}
    began, dispatch = time.process_time(), Dispatch(units)
    for number in range(workers):
        dispatch.join(Worker(f"w{number}", f"w{number}", "kind"))
    dispatch.plan("kind", took, workers)
    ends: list[tuple[float, str, Worker]] = []
    free, now = list(dispatch.workers.values()), 0.0
    while free or ends:
        for worker in free:
            if key := dispatch.next_for(worker, now):
                heappush(ends, (now + took[key], key, worker))
        free = []
        if ends:
            now, key, worker = heappop(ends)
            dispatch.done(key, worker, now)
            free = [worker]
    assert not dispatch.waiting
    return {"decisions_s": time.process_time() - began, "busy": sum(took.values()) / now / workers}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--workers", default="1,2,4,8")
    parser.add_argument("--seconds", type=float, default=0.05)
    parser.add_argument("--virtual", action="store_true")
    given = parser.parse_args()
    counts = [int(word) for word in given.workers.split(",")]
    about = {"runs": given.runs, "load": os.getloadavg()[0]}
    runs = many(given.runs)
    if given.virtual:
        keys = [run.key(digest("shapes")) for run in runs]
        for part in (keys, keys[len(keys) // 2 :]):
            found = virtual(part, counts[0], random.Random(0))
            print(json.dumps({**about, "asked": len(part), "workers": counts[0], **found, "GB": memory()}), flush=True)
        return
    from anatomy.storage.store import Store
    from tiny import swept

    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        template = store.record(swept(store, runs[:1]).keys[0])
    for count in counts:
        found = on_dask(runs, count, given.seconds, template)
        print(json.dumps({**about, "workers": count, **found, "GB": memory()}), flush=True)


if __name__ == "__main__":
    main()
