"""What a run costs on a cluster beside its training, which is replaced by a sleep.  `make cluster-scale`

    python benchmarks/cluster_scale.py --runs 1000 --workers 1,2,4,8

Real orders through Dask, whose workers are threads here, real records that are checked and written. Lines of JSON:
`overhead_ms`, what a run takes of a worker beside its sleep; `processor_ms`, what it takes of this process, in which
submitter, scheduler and workers are one.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

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
    import dask
    import distributed

    from anatomy.cluster import remote
    from anatomy.cluster import sweep as module
    from anatomy.cluster.address import Place
    from anatomy.cluster.engine import PATIENCE, Engine
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
    with tempfile.TemporaryDirectory() as folder, dask.config.set(PATIENCE):
        os.environ["ANATOMY_SCRATCH"] = f"{folder}/scratch"
        with distributed.LocalCluster(n_workers=workers, memory_limit=0, **options) as cluster:
            with distributed.Client(cluster, set_as_default=False) as client:
                engine, began, busy = Engine(Place("scheduler"), client), 0.0, 0.0

                def say(line: str) -> None:
                    nonlocal began, busy
                    began = began or time.perf_counter()  # the first line: workers have been asked
                    busy = busy or time.process_time()

                done = sweep_there(
                    lambda: engine, lambda: units, runs, Store(f"{folder}/runs"), machine=MACHINE, say=say
                )
                took, busy = time.perf_counter() - began, time.process_time() - busy
    assert len(done.keys) == len(runs)
    overhead = took * workers / len(runs) - seconds
    return {"seconds": took, "overhead_ms": 1000 * overhead, "processor_ms": 1000 * busy / len(runs)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--workers", default="1,2,4,8")
    parser.add_argument("--seconds", type=float, default=0.25)
    given = parser.parse_args()
    counts = [int(word) for word in given.workers.split(",")]
    runs = many(given.runs)
    from anatomy.storage.store import Store
    from tiny import swept

    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        template = store.record(swept(store, runs[:1]).keys[0])
    for count in counts:
        found = on_dask(runs, count, given.seconds, template)
        about = {"runs": given.runs, "sleep_s": given.seconds, "load": os.getloadavg()[0]}
        print(json.dumps({**about, "workers": count, **found, "GB": memory()}), flush=True)


if __name__ == "__main__":
    main()
