"""Whether a lock that one machine holds in a shared store is seen by another.

flock does on a local disk and on most networks' file systems; NFS mounted with `nolock` or `local_lock=flock` lets two
machines hold one lock. The study is right then too: no run is given to two workers, records appear whole, and two of
one run are equal. But a worker that lost its connection may train on beside the one that was given its run.
"""

import time
from pathlib import Path
from uuid import uuid4

from anatomy.cluster.engine import Engine
from anatomy.storage.locks import free_of_training
from anatomy.storage.store import Store

HOLD = 10.0  # seconds at most that the probe is held


def locks_hold(engine: Engine, store: str, workers: list[str]) -> str:
    """A sentence about the workers that see the submitter's store; nothing where there are none."""
    if not workers:
        return ""
    name = f".{uuid4().hex}.probe"
    try:
        with Store(store).lock(name):
            seen = engine.on_each(sees_lock, str(Path(store) / name), workers=workers, within=60.0)
    finally:
        Store(store).remove(name)
    blind = [address for address, answer in seen.items() if answer is not True]
    if blind:
        return (
            f"locks of the store {store} do not hold on {', '.join(blind)} (NFS?): a run whose worker lost its "
            "connection may be trained twice, with equal records"
        )
    return f"the store {store} is shared with {len(workers)} workers, and its locks hold there"


def sees_lock(folder: str) -> bool:
    """Called on a worker: whether the lock that is held now is held for it too."""
    over = time.monotonic() + HOLD
    while not (Path(folder) / "lock").is_file() and time.monotonic() < over:
        time.sleep(0.1)  # a network's file system may show a new file late
    with free_of_training(Path(folder)) as free:
        return not free
