"""The loop of a study on a cluster: give out, take back, notice who came and who is gone."""

import time

from anatomy.cluster.accept import accepted, accepted_weights
from anatomy.cluster.dispatch import Dispatch
from anatomy.cluster.errands import Errand, Errands
from anatomy.cluster.pace import Worker
from anatomy.cluster.remote import Order, Returned
from anatomy.cluster.roster import Roster
from anatomy.cluster.team import Member, Team
from anatomy.scheduling.others import files_of, needed
from anatomy.scheduling.sweep import Say
from anatomy.storage.record import as_written
from anatomy.storage.store import Store

LOOK = 1.0  # seconds between two looks at who is here
REPORT = 5.0  # seconds between two lines
ALONE = 600.0  # seconds without any worker, after which a study ends


class Conductor:
    """One study, from the first worker to the last record."""

    def __init__(
        self, team: Team, dispatch: Dispatch, store: Store, rules: dict[str, str], deadline: float | None, say: Say
    ) -> None:
        self.team, self.dispatch, self.store, self.rules = team, dispatch, store, rules
        self.deadline, self.say = deadline, say
        self.engine, self.runs, self.used = team.engine, team.runs, needed(team.runs)
        self.errands = Errands(self.engine)
        self.roster = Roster(team, dispatch, store, say, self.errands.call_back)
        self.failed, self.left = dict[str, str](), list[str]()
        self.looked = self.reported = time.monotonic()

    def conduct(self) -> tuple[list[str], dict[str, str]]:
        """(runs that time or a missing kind of processor left undone, why others failed)."""
        try:
            self.roster.first()
            self.announce()
            while (self.dispatch.waiting or self.errands.under_way) and not self.over():
                self.give_out()
                for errand, returned in self.errands.back(within=0.2):
                    self.settle(errand, returned)
                if time.monotonic() - self.looked > LOOK:
                    self.roster.look()
                    self.looked = time.monotonic()
                    self.report()
        finally:
            self.errands.close()
            self.roster.close()
        self.left += [*self.dispatch.waiting, *self.errands.keys]
        return self.left, self.failed

    # --- runs

    def give_out(self) -> None:
        now = time.monotonic()
        for worker in list(self.dispatch.workers.values()):
            while worker.free and self.dispatch.waiting:
                key = self.dispatch.next_for(worker, now)
                if key is None:
                    break
                self.send(key, worker)
        for key in self.dispatch.hopeless(now):
            self.failed[key] = "every worker of its kind ended under it (killed, or out of memory)"
            self.dispatch.drop(key)
        if not self.errands.under_way and self.roster.members and self.dispatch.waiting and not self.roster.hired:
            self.give_up(self.dispatch.stranded())

    def give_up(self, stranded: list[str]) -> None:
        """Nothing runs, and what waits needs a kind of processor that is not here: it is left for the next call."""
        if stranded:
            self.say(f"{len(stranded)} runs wait for a kind of processor on which their seed was begun, and are left")
        for key in stranded:
            self.dispatch.drop(key)
        self.left += stranded

    def send(self, key: str, worker: Worker) -> None:
        member = self.roster.members[worker.address]
        facts, record = member.facts, self.store.record(key, quiet=True)
        order = Order(
            key, self.runs[key].content(), member.machine, self.rules, facts.data_root,
            store=self.team.question.store if facts.shared else None,
            seconds_left=None if self.deadline is None else max(0.0, self.deadline - time.monotonic()),
            weights=self.engine.place.weights or key in self.used,
            delivered=tuple(self.roster.delivered.pop(worker.address, ())),
            known=as_written(record) if record and not facts.shared else b"",
            others={} if facts.shared else files_of(self.runs[key], self.store),
        )  # fmt: skip
        self.errands.send(order, worker)

    def settle(self, errand: Errand, returned: object) -> None:
        """What became of an order: kept, left, failed, or tried again elsewhere."""
        key, worker = errand.key, errand.worker
        if not isinstance(returned, Returned):  # an error
            returned = Returned(key, "machine", f"{type(returned).__name__}: {returned}")
        if returned.fault == "":
            try:
                self.keep(returned, self.roster.members[worker.address])
            except ValueError as damage:
                return self.distrust(errand, str(damage))
            return self.dispatch.done(key, worker, time.monotonic(), trained=not returned.fetched)
        if returned.fault == "machine":
            self.dispatch.again(key, worker)
            self.say(f"run {key} did not end on worker {worker.address}: {returned.why}")
            return self.roster.said_if_refused(key, worker)
        worker.running.pop(key, None)
        if returned.fault == "run":
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
        self.roster.delivered.setdefault(member.worker.address, []).append(key)

    def distrust(self, errand: Errand, why: str) -> None:
        """A worker that gives back something else than a record of the run is given nothing more."""
        address = errand.worker.address
        self.say(f"worker {address} is left out: what it gave back for run {errand.key} cannot be used: {why}")
        self.roster.lose(address, blame=True)
        self.roster.known.add(address)  # and is not asked again

    # --- time

    def over(self) -> bool:
        if self.deadline is not None and time.monotonic() > self.deadline + 5:  # they end by themselves
            return True
        if not self.roster.members and time.monotonic() - self.roster.seen > ALONE:
            self.failed |= dict.fromkeys(self.dispatch.waiting, f"there was no worker for {ALONE / 60:.0f} minutes")
            self.dispatch.waiting.clear()
            return True
        return False

    def announce(self) -> None:
        work, seconds = self.dispatch.left(time.monotonic())
        kinds = sorted({worker.kind for worker in self.dispatch.workers.values()})
        self.say(
            f"{len(self.runs)} runs to train: about {seconds / 60:.1f} minutes on {len(self.roster.members)} workers, "
            f"{len(kinds)} kind{'s' * (len(kinds) > 1)} of processor: {'; '.join(kinds)}."
        )
        if self.engine.dashboard:
            self.say(f"Dask's dashboard: {self.engine.dashboard}")

    def report(self) -> None:
        now = time.monotonic()
        if now - self.reported < REPORT or not (self.errands.under_way or self.dispatch.waiting):
            return
        self.reported = now
        work, seconds = self.dispatch.left(now)
        known = next(iter(self.dispatch.seconds.values()), {})
        done = 1 - work / max(sum(known.values()), 1e-9)
        finished = len(self.runs) - len(self.dispatch.waiting) - len(self.errands.under_way)
        left = f"about {seconds / 60:.1f} minutes left" if self.roster.members else "no worker is here; waiting for one"
        self.say(f"{finished} of {len(self.runs)} runs, {max(0.0, 100 * done):.0f} %, {left}")
