"""Which run goes to which worker next. No Dask and no clock: times are given, so that every case can be tried.

A unit of runs stays on one kind of processor. Within a kind the study's order holds, or longest first where that ends
sooner; at the end a run waits for a fast worker where a slow one, free now, would be later with it.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from heapq import heapify, heappop, heappush
from typing import TypeVar

from anatomy.cluster.pace import Worker, best_order

Unit = TypeVar("Unit", bound=Hashable)
TRIES = 2  # of a run on one machine that ends under it
BACK = 60.0  # seconds in which a worker that has ended is started again


class Dispatch:
    """The runs that are still to be done, and the workers."""

    def __init__(self, units: Mapping[str, Unit], begun: Mapping[Unit, str] | None = None) -> None:
        """`units` by key, in the order of the study; `begun`: the kind on which a unit has finished runs already."""
        self.units = dict(units)
        self.begun: dict[Hashable, str] = dict((begun or {}).items())
        self.rank: dict[str, dict[str, int]] = {}  # by kind: the order there
        self.seconds: dict[str, Mapping[str, float]] = {}  # by kind: planned
        self.waiting = dict.fromkeys(self.units)  # in order; neither running nor done
        self.members: dict[Hashable, list[str]] = {}  # runs of each unit
        for key, unit in self.units.items():
            self.members.setdefault(unit, []).append(key)
        self.open = dict(self.members)  # those that no kind has yet
        self.touched = {*self.begun}  # units of which a run has begun
        self.queue: dict[str, list[tuple[int, str]]] = {}  # of each kind, a heap
        self.workers: dict[str, Worker] = {}
        self.away: dict[str, tuple[str, float]] = {}  # by home: the kind of a worker that left, and when
        self.lost: Counter[tuple[str, str]] = Counter()  # (run, home): how often it ended there
        self.wanted: dict[str, str] = {}  # runs that a home has, finished or half done

    # --- workers come and go

    def plan(self, kind: str, seconds: Mapping[str, float], slots: int) -> None:
        """What each run takes on a kind, and in what order it is done there."""
        order = best_order(list(self.units), seconds, slots)
        self.seconds[kind], self.rank[kind] = seconds, {key: at for at, key in enumerate(order)}
        self.queue.setdefault(kind, [])
        self._reopen()
        for unit in [unit for unit in self.open if self.begun.get(unit) == kind]:
            self._take(unit, kind)

    def join(self, worker: Worker) -> None:
        self.workers[worker.address] = worker
        self.away.pop(worker.home, None)

    def leave(self, address: str, now: float, blame: bool = True) -> list[str]:
        """The worker is gone; the runs that it was at, which wait again. To blame: each counts as a try there."""
        worker = self.workers.pop(address)
        self.away[worker.home] = worker.kind, now
        for key in (lost := list(worker.running)):
            self.again(key, worker, blame)
        return lost

    # --- runs

    def next_for(self, worker: Worker, now: float) -> str | None:
        """The run to give to a free worker, which now counts as running there."""
        self._assign(worker.kind)
        queue = self.queue[worker.kind]
        aside: list[tuple[int, str]] = []
        found = None
        while queue and found is None:
            rank, key = heappop(queue)
            if key in self.waiting:
                if self.fits(key, worker) and not self._better_elsewhere(key, worker, now):
                    found = key
                else:
                    aside.append((rank, key))
            if len(aside) > 2 * len(self.workers):  # enough was looked at
                break
        for one in aside:
            heappush(queue, one)
        if found is not None:
            del self.waiting[found]
            self.touched.add(self.units[found])
            worker.running[found] = now
        return found

    def fits(self, key: str, worker: Worker) -> bool:
        """Whether the run may be given to this worker: not refused there, and not kept by another that is here."""
        if self.lost[key, worker.home] >= TRIES:
            return False
        home = self.wanted.get(key, worker.home)
        return home == worker.home or not any(w.home == home and w.kind == worker.kind for w in self.workers.values())

    def done(self, key: str, worker: Worker, now: float, trained: bool = True) -> None:
        """The run has ended for good, there; what was only fetched says nothing about the pace."""
        began = worker.running.pop(key, now)
        if trained:
            worker.timed(self.seconds[worker.kind].get(key, 1.0), now - began)

    def again(self, key: str, worker: Worker, blame: bool = True) -> None:
        """The run ended under a worker and waits again."""
        self.wanted.pop(key, None)
        worker.running.pop(key, None)
        self.lost[key, worker.home] += blame
        heappush(self.queue[worker.kind], (self.rank[worker.kind][key], key))
        self.waiting[key] = None

    def drop(self, key: str) -> None:
        """Nobody may have this run."""
        self.waiting.pop(key, None)

    def hopeless(self, now: float) -> list[str]:
        """Runs that all workers of their kind refuse, those that are here and those that may be back in a moment."""
        counts = Counter(key for (key, _), count in self.lost.items() if count >= TRIES and key in self.waiting)
        return [key for key in counts if self._refused(key, now)]

    def stranded(self) -> list[str]:
        """Runs that wait for a kind of processor of which no worker is here."""
        here = {worker.kind for worker in self.workers.values()}
        held = [key for kind, runs in self.queue.items() if kind not in here for _, key in runs if key in self.waiting]
        unknown = {*self.begun.values()} - here - {*self.queue}
        return held + [key for unit, keys in self.open.items() if self.begun.get(unit) in unknown for key in keys]

    def left(self, now: float) -> tuple[float, float]:
        """(planned seconds still to be done, seconds until the end) at the workers' own paces."""
        known = next(iter(self.seconds.values()), {})
        work = sum(known.get(key, 1.0) for key in self.waiting)
        for worker in self.workers.values():
            for key, began in worker.running.items():
                work += max(0.0, self.seconds[worker.kind].get(key, 1.0) - (now - began) / worker.pace)
        rate = sum(worker.at_once / worker.pace for worker in self.workers.values())
        return work, work / rate if rate else float("inf")

    # --- kinds

    def _assign(self, kind: str) -> None:
        """Give a unit that nobody has to this kind, if it would end one first; all units where there is no other."""
        if self.queue[kind] or not self.open:
            return
        if len(self.seconds) == 1:
            for unit in [unit for unit in self.open if self.begun.get(unit, kind) == kind]:
                self._take(unit, kind)
            return
        mine = next((unit for unit, best in self._shares() if best == kind), None)
        if mine is not None:
            self._take(mine, kind)

    def _shares(self) -> Iterator[tuple[Hashable, str]]:
        """Each unit that nobody has, in order, with the kind that would end it first, behind what that has by then."""
        rates = dict.fromkeys(sorted({worker.kind for worker in self.workers.values()}), 0.0)
        held = {kind: [key for _, key in self.queue[kind] if key in self.waiting] for kind in rates}
        for worker in self.workers.values():
            rates[worker.kind] += worker.at_once / worker.pace
            held[worker.kind] += worker.running
        ends = {kind: sum(self.seconds[kind].get(key, 1.0) for key in held[kind]) / rates[kind] for kind in rates}
        for unit, keys in list(self.open.items()):
            if unit not in self.begun:
                work = {kind: sum(self.seconds[kind].get(key, 1.0) for key in keys) for kind in ends}
                best = min(ends, key=lambda kind: (ends[kind] + work[kind] / rates[kind], kind))
                ends[best] += work[best] / rates[best]
                yield unit, best

    def _reopen(self) -> None:
        """Units that a kind has, and of which nothing has begun, are free again: another kind is here now."""
        for unit in [unit for unit in self.begun if unit not in self.touched]:
            kind = self.begun.pop(unit)
            self.open[unit] = self.members[unit]
            self.queue[kind] = [one for one in self.queue[kind] if self.units[one[1]] != unit]
            heapify(self.queue[kind])

    def _take(self, unit: Hashable, kind: str) -> None:
        self.begun[unit] = kind
        self.queue[kind] += [(self.rank[kind][key], key) for key in self.open.pop(unit) if key in self.waiting]
        heapify(self.queue[kind])

    def _refused(self, key: str, now: float) -> bool:
        kind = self.begun.get(self.units[key])
        here = [worker.home for worker in self.workers.values() if kind in (None, worker.kind)]
        soon = [home for home, (of, left) in self.away.items() if kind in (None, of) and now - left < BACK]
        return bool(here) and all(self.lost[key, home] >= TRIES for home in here + soon)

    def _better_elsewhere(self, key: str, worker: Worker, now: float) -> bool:
        """Whether another worker of the kind, busy now, would end the run sooner. Only asked at the end of a study."""
        if len(self.waiting) > len(self.workers):
            return False
        others = [w for w in self.workers.values() if w.kind == worker.kind and w is not worker and w.running]
        seconds = self.seconds[worker.kind].get(key, 1.0)
        return len(self.waiting) <= len(others) and any(
            self.fits(key, other) and self._free_in(other, now) + seconds * other.pace < seconds * worker.pace
            for other in others
        )

    def _free_in(self, worker: Worker, now: float) -> float:
        """Seconds until its first run ends, as planned."""
        planned = self.seconds[worker.kind]
        return max(0.0, min(planned.get(key, 1.0) * worker.pace - (now - t) for key, t in worker.running.items()))
