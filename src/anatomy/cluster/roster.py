"""The workers of a study as they come and go."""

import time
from collections.abc import Callable
from concurrent.futures import Future as Job
from concurrent.futures import ThreadPoolExecutor

from anatomy.cluster import scratch
from anatomy.cluster.dispatch import TRIES, Dispatch
from anatomy.cluster.pace import Worker
from anatomy.cluster.team import Kept, Member, Team
from anatomy.errors import InputError, RunFailed
from anatomy.scheduling.sweep import Say
from anatomy.storage.store import Store

QUEUED = 3600.0  # seconds to wait for the first job of a queue
STARTING = 10.0  # seconds to wait for the first worker of a scheduler
Hired = tuple[list[Member], dict[str, Kept]]


class Roster:
    """Who works. `lost(address)` is called for a worker that is gone, before its runs wait again."""

    def __init__(self, team: Team, dispatch: Dispatch, store: Store, say: Say, lost: Callable[[str], None]) -> None:
        self.team, self.dispatch, self.store, self.say, self.lost = team, dispatch, store, say, lost
        self.engine = team.engine
        self.members: dict[str, Member] = {}
        self.known: set[str] = set()  # addresses that were asked, whatever they said
        self.delivered: dict[str, list[str]] = {}  # by worker: runs that we have and it may forget
        self.seen = time.monotonic()  # when somebody was last here
        self.hiring = ThreadPoolExecutor(1)  # asking takes seconds, and runs go on meanwhile
        self.hired: Job[Hired] | None = None

    def first(self) -> None:
        """Take on who is here. InputError if nobody comes, or none is of use."""
        place, began = self.engine.place, time.monotonic()
        patience = QUEUED if place.kind in ("slurm", "pbs") else STARTING
        if patience == QUEUED:
            self.say(f"waiting for the first of {place.workers} jobs to start")
        while not (here := self.engine.threads()):
            if time.monotonic() - began > patience:
                raise InputError(
                    f"the cluster {place.address or place.kind} has no worker; start one with "
                    f"`dask worker {place.address or 'ADDRESS'} --nthreads 1`"
                )
            time.sleep(0.1)
        self.known |= here.keys()
        members, kept = self.team.hire(list(here))
        if not members:
            address, why = next(iter(self.team.refused.items()))
            raise InputError(f"none of {len(here)} workers would make the same runs, first {address}: {why}")
        self.take_on((members, kept))

    def take_on(self, hired: Hired) -> None:
        members, kept = hired
        for address, why in self.team.refused.items():
            self.say(f"worker {address} is left out: {why}")
        for plan in self.team.plans.values():
            if plan.label not in self.dispatch.seconds:
                slots = sum(m.worker.at_once for m in members if m.worker.kind == plan.label)
                self.dispatch.plan(plan.label, plan.seconds, slots)
        for member in members:
            self.members[member.worker.address] = member
            self.dispatch.join(member.worker)
            self.remember(member, kept.get(member.worker.address, {}))
            self.seen = time.monotonic()

    def remember(self, member: Member, kept: Kept) -> None:
        """Runs that a worker has from an earlier command go back to it: to be fetched, or to be waited for."""
        if member.facts.shared:
            return
        for key, state in kept.items():
            if key in self.dispatch.waiting:
                self.dispatch.wanted.setdefault(key, member.worker.home)
            elif state == "finished" and self.store.record(key, quiet=True):
                self.delivered.setdefault(member.worker.address, []).append(key)

    def look(self) -> None:
        """Who is gone, and who is new."""
        if self.engine.broken:
            self.reconnect()
        here = self.engine.threads()
        for address in self.members.keys() - here.keys():
            self.lose(address, blame=bool(here))
        if self.hired is not None and self.hired.done():
            self.settle(self.hired)
        if self.hired is None and (new := [address for address in here if address not in self.known]):
            self.known |= {*new}
            self.hired = self.hiring.submit(self.team.hire, new)
        if self.members:
            self.seen = time.monotonic()

    def settle(self, hired: "Job[Hired]") -> None:
        self.hired = None
        try:
            self.take_on(hired.result())
        except RunFailed as error:
            self.say(str(error))

    def lose(self, address: str, blame: bool) -> None:
        """A worker is gone; its runs go to another. Where all are, it was the network or the scheduler."""
        worker = self.members.pop(address).worker
        self.known.discard(address)  # should it be seen again, it is asked again
        self.lost(address)
        lost = self.dispatch.leave(address, time.monotonic(), blame)
        if lost:
            count = len(self.members)
            self.say(f"worker {address} is gone; {len(lost)} run waits for another, {count} workers are left")
        for key in lost:
            self.said_if_refused(key, worker)

    def said_if_refused(self, key: str, worker: Worker) -> None:
        if self.dispatch.lost[key, worker.home] == TRIES:
            self.say(
                f"run {key} ended {TRIES} times under worker {worker.address} (killed, or out of memory): it is not "
                "given to it again"
            )

    def reconnect(self) -> None:
        """After a scheduler has ended: what workers were at is asked for again, once one answers at its address."""
        for address in list(self.members):
            self.lose(address, blame=False)
        try:
            self.engine.reopen()
        except InputError:
            return  # the next look tries again
        self.known.clear()
        self.say("the scheduler is back; what was not finished is asked for again")

    def close(self) -> None:
        """Workers forget what we have; what is not answered in time is forgotten by the next command."""
        self.hiring.shutdown(wait=False, cancel_futures=True)
        for address, keys in self.delivered.items():
            if address in self.members:
                self.engine.on_each(scratch.forget, keys, workers=[address], within=5.0)
