"""What every worker of a cluster is, and whether it would make the same runs."""

import time
from dataclasses import asdict, dataclass, replace

from anatomy.cluster.address import Place
from anatomy.cluster.engine import Engine, opened
from anatomy.cluster.facts import Facts, Question, facts
from anatomy.cluster.locking import locks_hold
from anatomy.cluster.recruit import ANSWER, Ours, in_words, not_beside_cards, second_on_a_card, why_not
from anatomy.cluster.roster import STARTING
from anatomy.cluster.team import laid
from anatomy.errors import InputError
from anatomy.storage.store import Store


@dataclass(frozen=True)
class Answer:
    """What became of the question to one worker."""

    address: str
    facts: Facts | None  # none where it did not answer
    why: str  # it would be left out; empty where it takes part

    def fields(self) -> dict[str, object]:
        return {"address": self.address, **(asdict(self.facts) if self.facts else {}), "why": self.why}


@dataclass(frozen=True)
class Checked:
    """The workers, in the order in which they came, and one sentence on the locks of a shared store, or none."""

    workers: list[Answer]
    locks: str

    def fields(self) -> dict[str, object]:
        """As JSON."""
        return {"workers": [worker.fields() for worker in self.workers], "locks": self.locks}


def checked(place: Place, question: Question) -> Checked:
    """Every worker of a cluster, asked."""
    with opened(place) as engine, laid(Store(question.store), question.token):
        addresses = _here(engine, place)
        answers = engine.on_each(facts, question, workers=addresses, within=ANSWER)
        found = {address: said for address, said in answers.items() if isinstance(said, Facts)}
        ours = Ours.of(question)
        refused = {address: in_words(said) for address, said in answers.items() if address not in found}
        refused |= {address: why for address, worker in found.items() if (why := why_not(worker, _sent(ours, worker)))}
        refused |= not_beside_cards({a: f for a, f in found.items() if a not in refused}, question.device)
        refused |= second_on_a_card({a: f for a, f in found.items() if a not in refused}, {})
        workers = [Answer(address, found.get(address), refused.get(address, "")) for address in addresses]
        shared = [address for address, worker in found.items() if worker.shared and address not in refused]
        return Checked(workers, locks_hold(engine, question.store, shared))


def _here(engine: Engine, place: Place) -> list[str]:
    began = time.monotonic()
    while not (here := engine.threads()):
        if time.monotonic() - began > STARTING:
            raise InputError(
                f"the cluster {place.address or place.kind} has no worker; start one with "
                f"`dask worker {place.address or 'ADDRESS'} --nthreads 1`"
            )
        time.sleep(0.1)
    return list(here)


def _sent(ours: Ours, worker: Facts) -> Ours:
    """A data set that a worker lacks is sent with the first study, so that is no reason against it."""
    return ours if worker.data else replace(ours, data="")


def as_text(found: Checked) -> str:
    """A paragraph a worker."""
    lines = []
    for worker in found.workers:
        lines.append(f"{worker.address}  {'left out: ' + worker.why if worker.why else 'takes part'}")
        if said := worker.facts:
            lines.append(
                f"  {said.host}: {said.gpu or said.cpu}, {said.precision}, {said.threads} of {said.cores} cores, "
                f"{said.memory / 1e9:.1f} GB of memory and {said.disk / 1e9:.0f} GB of disk free"
            )
            lines.append(
                f"  code {said.code}, torch {said.torch}, Python {said.python}, Dask {said.dask}, "
                f"data {said.data or 'not there, and sent'}, store {'shared' if said.shared else 'its own'}"
            )
    return "\n".join([*lines, *filter(None, [found.locks])])
