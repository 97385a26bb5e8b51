"""What every worker of a cluster is, and whether it would make the same runs."""

import time
from dataclasses import asdict, replace
from typing import Any

from anatomy.cluster.address import Place
from anatomy.cluster.engine import Engine, opened
from anatomy.cluster.facts import Facts, Question, facts
from anatomy.cluster.locking import locks_hold
from anatomy.cluster.recruit import ANSWER, Ours, in_words, not_beside_cards, why_not
from anatomy.cluster.roster import STARTING
from anatomy.cluster.team import laid
from anatomy.errors import InputError
from anatomy.storage.store import Store


def checked(place: Place, question: Question) -> dict[str, Any]:
    """`workers`, a row each with `why` it would be left out (empty: it takes part), and `locks`, a sentence."""
    with opened(place) as engine, laid(Store(question.store), question.token):
        addresses = _here(engine, place)
        answers = engine.on_each(facts, question, workers=addresses, within=ANSWER)
        found = {address: said for address, said in answers.items() if isinstance(said, Facts)}
        ours = Ours.of(question)
        refused = {address: in_words(said) for address, said in answers.items() if address not in found}
        refused |= {address: why for address, worker in found.items() if (why := why_not(worker, _sent(ours, worker)))}
        refused |= not_beside_cards({a: f for a, f in found.items() if a not in refused}, question.device)
        rows = [
            {"address": a, **(asdict(found[a]) if a in found else {}), "why": refused.get(a, "")} for a in addresses
        ]
        shared = [address for address, worker in found.items() if worker.shared and address not in refused]
        return {"workers": rows, "locks": locks_hold(engine, question.store, shared)}


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


def as_text(found: dict[str, Any]) -> str:
    """A paragraph a worker."""
    lines = []
    for row in found["workers"]:
        lines.append(f"{row['address']}  {'left out: ' + row['why'] if row['why'] else 'takes part'}")
        if "host" in row:
            lines.append(
                f"  {row['host']}: {row['gpu'] or row['cpu']}, {row['threads']} of {row['cores']} cores, "
                f"{row['memory'] / 1e9:.1f} GB of memory and {row['disk'] / 1e9:.0f} GB of disk free"
            )
            lines.append(
                f"  code {row['code']}, torch {row['torch']}, Python {row['python']}, Dask {row['dask']}, "
                f"data {row['data'] or 'not there, and sent'}, store {'shared' if row['shared'] else 'its own'}"
            )
    return "\n".join([*lines, *filter(None, [found["locks"]])])
