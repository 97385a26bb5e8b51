"""The loop of a study on a cluster: give out, take back, notice who came and who is gone."""

import queue
import time
from concurrent.futures import Future as Job
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from anatomy.cluster import remote, scratch
from anatomy.cluster.accept import accepted, accepted_weights
from anatomy.cluster.dispatch import TRIES, Dispatch, Worker
from anatomy.cluster.engine import result_of
from anatomy.cluster.remote import Order, Returned
from anatomy.cluster.team import Member, Team
from anatomy.errors import InputError, RunFailed
from anatomy.record import as_written
from anatomy.store import Store
from anatomy.sweep import Say

LOOK = 1.0  # seconds between two looks at who is here
REPORT = 5.0  # seconds between two lines
ALONE = 600.0  # seconds without any worker, after which a study ends


@dataclass
class Errand:
    """An order that a worker has."""

    key: str
    worker: Worker
    future: Any  # Dask's


class Conductor:
    """One study, from the first worker to the last record."""

    def __init__(
        self, team: Team, dispatch: Dispatch, store: Store, rules: dict[str, str], deadline: float | None, say: Say
    ) -> None:
        self.team, self.dispatch, self.store, self.rules = team, dispatch, store, rules
        self.deadline, self.say = deadline, say
        self.engine, self.runs = team.engine, team.runs
        self.members: dict[str, Member] = {}
        self.known: set[str] = set()  # addresses that were asked, whatever they said
        self.errands: dict[int, Errand] = {}
        self.ended: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.delivered: dict[str, list[str]] = {}  # by worker: runs that we have and it may forget
        self.failed: dict[str, str] = {}
        self.left: list[str] = []
        self.began = self.looked = self.reported = self.seen = time.monotonic()

    def conduct(self) -> tuple[list[str], dict[str, str]]:
        """(runs that time or a missing kind of processor left undone, why others failed)."""
        with ThreadPoolExecutor(1) as hiring:
            self.take_on(self.first_workers())
            self.announce()
            hired: Job[Any] | None = None
            while self.dispatch.waiting or self.errands:
                if self.over():
                    break
                self.give_out()
                self.take_back()
                if time.monotonic() - self.looked > LOOK:
                    hired = self.look(hiring, hired)
                    self.report()
        self.left += [*self.dispatch.waiting, *(errand.key for errand in self.errands.values())]
        self.tidy()
        return self.left, self.failed

    # --- who works

    def first_workers(self) -> Any:
        """What `Team.hire` says of those that are here. InputError if there is none, or none of use."""
        patience, began = 600.0 if self.engine.place.kind in ("slurm", "pbs") else 10.0, time.monotonic()
        if patience > 10:
            self.say(f"waiting for the first of {self.engine.place.workers} jobs to start")
        while not (here := self.engine.threads()):
            if time.monotonic() - began > patience:
                raise InputError(
                    f"the cluster {self.engine.place.address or self.engine.place.kind} has no worker; start one with "
                    "`dask worker ADDRESS --nthreads 1`"
                )
            time.sleep(0.1)
        self.known |= here.keys()
        hired = self.team.hire(list(here))
        if not hired[0]:
            address, why = next(iter(self.team.refused.items()))
            raise InputError(f"none of {len(here)} workers would make the same runs, first {address}: {why}")
        return hired

    def take_on(self, hired: tuple[list[Member], dict[str, dict[str, str]]]) -> None:
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

    def remember(self, member: Member, kept: dict[str, str]) -> None:
        """Runs that a worker has from an earlier command go back to it: to be fetched, or to be waited for."""
        if member.facts.shared:
            return
        for key in kept:
            if key in self.dispatch.waiting:
                self.dispatch.wanted.setdefault(key, member.worker.home)
            elif kept[key] == "finished" and self.store.record(key, quiet=True):
                self.delivered.setdefault(member.worker.address, []).append(key)

    def look(self, hiring: ThreadPoolExecutor, hired: "Job[Any] | None") -> "Job[Any] | None":
        """Who is gone, and who is new: these are asked in another thread, since it takes them seconds to answer."""
        self.looked = time.monotonic()
        if self.engine.broken:
            self.reconnect()
        here = self.engine.threads()
        for address in self.members.keys() - here.keys():
            self.lose(address, blame=bool(here))
        if hired is not None and hired.done():
            try:
                self.take_on(hired.result())
            except RunFailed as error:
                self.say(str(error))
            hired = None
        new = [address for address in here if address not in self.known]
        if hired is None and new:
            self.known |= {*new}
            hired = hiring.submit(self.team.hire, new)
        if self.members:
            self.seen = time.monotonic()
        return hired

    def lose(self, address: str, blame: bool) -> None:
        """A worker is gone; what it was at goes to another. Where all are, it was the network or the scheduler."""
        worker = self.members.pop(address).worker
        mine = {at: errand for at, errand in self.errands.items() if errand.worker.address == address}
        for at, errand in mine.items():
            del self.errands[at]
            self.engine.client.cancel([errand.future])
        lost = self.dispatch.leave(address, blame)
        if lost:
            self.say(f"worker {address} is gone; {len(lost)} run goes to another, {len(self.members)} workers are left")
        for key in lost:
            self.said_if_refused(key, worker)

    def said_if_refused(self, key: str, worker: Worker) -> None:
        if self.dispatch.lost[key, worker.home] == TRIES:
            self.say(
                f"run {key} ended under worker {worker.address} {TRIES} times (killed, or out of memory): it is not "
                "given to it again"
            )

    def reconnect(self) -> None:
        for address in list(self.members):
            self.lose(address, blame=False)
        try:
            self.engine.reopen()
            self.known.clear()
            self.say("the scheduler is back; what was not finished is asked for again")
        except InputError:
            pass  # the next look tries again

    # --- runs

    def give_out(self) -> None:
        now = time.monotonic()
        for worker in list(self.dispatch.workers.values()):
            while worker.free and self.dispatch.waiting:
                key = self.dispatch.next_for(worker, now)
                if key is None:
                    break
                self.send(key, worker)
        for key in self.dispatch.hopeless():
            self.failed[key] = "every worker of its kind ended under it (killed, or out of memory)"
            self.dispatch.drop(key)
        if not self.errands and self.members and self.dispatch.waiting:
            self.give_up(self.dispatch.stranded())

    def give_up(self, stranded: list[str]) -> None:
        """Nothing runs, and what waits needs a kind of processor that is not here: it is left for the next call."""
        if stranded:
            self.say(f"{len(stranded)} runs wait for a kind of processor on which their seed was begun, and are left")
        for key in stranded:
            self.dispatch.drop(key)
        self.left += stranded

    def send(self, key: str, worker: Worker) -> None:
        member = self.members[worker.address]
        facts, record = member.facts, self.store.record(key, quiet=True)
        order = Order(
            key,
            self.runs[key].content(),
            member.machine,
            self.rules,
            facts.data_root,
            store=self.team.question.store if facts.shared else None,
            seconds_left=None if self.deadline is None else max(0.0, self.deadline - time.monotonic()),
            weights=self.engine.place.weights,
            delivered=tuple(self.delivered.pop(worker.address, ())),
            known=as_written(record) if record and not facts.shared else b"",
        )
        future = self.engine.submit(remote.train, order, worker=worker.address)
        self.errands[id(future)] = Errand(key, worker, future)
        future.add_done_callback(lambda ended: self.ended.put(id(ended)))

    def take_back(self) -> None:
        """Wait a moment for the next order that ends, and take all that have."""
        wait: float | None = 0.2
        while True:
            try:
                at = self.ended.get(timeout=wait) if wait else self.ended.get_nowait()
            except queue.Empty:
                return
            wait = None
            if errand := self.errands.pop(at, None):
                self.settle(errand, result_of(errand.future))

    def settle(self, errand: Errand, returned: Any) -> None:
        """What became of an order: kept, left, failed, or tried again elsewhere."""
        key, worker = errand.key, errand.worker
        fault = returned.fault if isinstance(returned, Returned) else "machine"
        if fault == "":
            try:
                self.keep(returned, self.members[worker.address])
                self.dispatch.done(key, worker, time.monotonic(), trained=not returned.fetched)
                return
            except ValueError as damage:
                self.distrust(errand, str(damage))
                return
        if fault == "machine":
            why = returned.why if isinstance(returned, Returned) else f"{type(returned).__name__}: {returned}"
            self.dispatch.again(key, worker)
            self.say(f"run {key} did not end on worker {worker.address}: {why}")
            self.said_if_refused(key, worker)
            return
        worker.running.pop(key, None)
        if fault == "run":
            self.failed[key] = returned.why
        else:
            self.left.append(key)

    def keep(self, returned: Returned, member: Member) -> None:
        """Into the store, as a stranger's. ValueError where it is not what was asked for."""
        key = returned.key
        record = accepted(returned.record, self.runs[key], self.team.question.digest)
        weights = accepted_weights(returned.weights) if returned.weights else b""
        if member.facts.shared:
            return  # it wrote it there itself
        with self.store.lock(key):
            if weights:
                self.store.save_checkpoint(key, weights)
            self.store.save_record(key, record)
        self.delivered.setdefault(member.worker.address, []).append(key)

    def distrust(self, errand: Errand, why: str) -> None:
        """A worker that gives back something else than a record of the run is given nothing more."""
        address = errand.worker.address
        self.say(f"worker {address} is left out: what it gave back for run {errand.key} cannot be used: {why}")
        self.lose(address, blame=True)

    # --- time

    def over(self) -> bool:
        if self.deadline is not None and time.monotonic() > self.deadline + 5:  # they end by themselves
            return True
        if not self.members and time.monotonic() - self.seen > ALONE:
            self.failed |= dict.fromkeys(self.dispatch.waiting, f"there was no worker for {ALONE / 60:.0f} minutes")
            self.dispatch.waiting.clear()
            return True
        return False

    def announce(self) -> None:
        work, seconds = self.dispatch.left(time.monotonic())
        kinds = sorted({worker.kind for worker in self.dispatch.workers.values()})
        self.say(
            f"{len(self.runs)} runs to train: about {seconds / 60:.1f} minutes on {len(self.members)} workers, "
            f"{len(kinds)} kind{'s' * (len(kinds) > 1)} of processor: {'; '.join(kinds)}."
        )
        if self.engine.dashboard:
            self.say(f"Dask's dashboard: {self.engine.dashboard}")

    def report(self) -> None:
        now = time.monotonic()
        if now - self.reported < REPORT or not (self.errands or self.dispatch.waiting):
            return
        self.reported = now
        work, seconds = self.dispatch.left(now)
        known = next(iter(self.dispatch.seconds.values()), {})
        done = 1 - work / max(sum(known.values()), 1e-9)
        finished = len(self.runs) - len(self.dispatch.waiting) - len(self.errands)
        left = f"about {seconds / 60:.1f} minutes left" if self.members else "no worker is here; waiting for one"
        self.say(f"{finished} of {len(self.runs)} runs, {max(0.0, 100 * done):.0f} %, {left}")

    def tidy(self) -> None:
        """Workers forget what we have. What is not answered in time is forgotten by the next command."""
        for address, keys in self.delivered.items():
            if address in self.members:
                self.engine.on_each(scratch.forget, keys, workers=[address], within=5)
