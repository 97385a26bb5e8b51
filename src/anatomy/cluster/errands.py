"""Orders that workers have, and what comes back of each.

A result is fetched by a thread, several at a time: the study does not stand still for the way to a worker and back, nor
for a result that was lost with its worker.
"""

import queue
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anatomy.cluster import remote
from anatomy.cluster.engine import Engine, result_of
from anatomy.cluster.pace import Worker
from anatomy.cluster.remote import Order

if TYPE_CHECKING:
    from distributed import Future

FETCHED_AT_ONCE = 8  # Dask makes one request of those that are asked for meanwhile


@dataclass
class Errand:
    """An order that a worker has."""

    key: str
    worker: Worker
    future: "Future"


class Errands:
    """Those under way; `back` hands out those that have ended."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.under_way: dict[int, Errand] = {}
        self.ended: queue.SimpleQueue[tuple[int, object]] = queue.SimpleQueue()
        self.fetching = ThreadPoolExecutor(FETCHED_AT_ONCE)

    @property
    def keys(self) -> list[str]:
        return [errand.key for errand in self.under_way.values()]

    def send(self, order: Order, worker: Worker) -> None:
        future = self.engine.submit(remote.train, order, worker=worker.address)
        self.under_way[id(future)] = Errand(order.key, worker, future)
        future.add_done_callback(self._fetch)

    def call_back(self, address: str) -> None:
        """The orders of a worker that is gone."""
        for at in [at for at, errand in self.under_way.items() if errand.worker.address == address]:
            self.engine.cancel(self.under_way.pop(at).future)

    def back(self, within: float) -> Iterator[tuple[Errand, object]]:
        """Each order that ended, with its result or error: all that have, once one has, or so many seconds later."""
        wait: float | None = within
        while True:
            try:
                at, result = self.ended.get(timeout=wait) if wait else self.ended.get_nowait()
            except queue.Empty:
                return
            wait = None
            if errand := self.under_way.pop(at, None):  # else it was called back
                yield errand, result

    def close(self) -> None:
        self.fetching.shutdown(wait=False, cancel_futures=True)

    def _fetch(self, future: "Future") -> None:
        with suppress(RuntimeError):  # the study has ended
            self.fetching.submit(lambda: self.ended.put((id(future), result_of(future))))
