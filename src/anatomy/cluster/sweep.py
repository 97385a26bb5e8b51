"""Train many runs on a cluster: what `scheduling.sweep` does with processes, with workers that may come and go."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache, partial

from anatomy import data
from anatomy.cluster.address import Place, warning
from anatomy.cluster.conductor import Conductor
from anatomy.cluster.dispatch import Dispatch
from anatomy.cluster.engine import Engine, opened
from anatomy.cluster.kind import label_of
from anatomy.cluster.team import Team, laid, question_about
from anatomy.errors import RunFailed, to_terminal
from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.scheduling.limits import check_run
from anatomy.scheduling.others import check_others, generations, has_weights
from anatomy.scheduling.sweep import Outcome, Say, lacking_in, outcome
from anatomy.storage.record import Record
from anatomy.storage.store import Store

Units = Callable[[], Mapping[str, tuple[int, int]]]


@contextmanager
def on_cluster(place: Place, units: Units, say: Say | None = None) -> Iterator[Callable[..., Outcome]]:
    """`sweep` on this cluster, which is reached, or started, once anything is to be trained.

    InputError then if it is not there, or none of its workers would make the same runs.
    """
    with ExitStack() as stack:

        @cache
        def engine() -> Engine:
            if said := warning(place):
                (say or to_terminal)(said)
            return stack.enter_context(opened(place))

        yield partial(sweep_there, engine, units)


def sweep_there(
    engine: Callable[[], Engine],
    units: Units,
    runs: Sequence[Run],
    store: Store,
    *,
    data_root: str | None = None,
    machine: Machine | None = None,
    time_limit: float | None = None,
    rules: dict[str, str] | None = None,
    say: Say | None = None,
    **unused: object,  # workers and executor of `sweep`
) -> Outcome:
    """Train what the store lacks. Raises as `sweep` does; what is finished stays."""
    say, machine = say or to_terminal, machine or Machine()
    deadline = None if time_limit is None else time.monotonic() + time_limit
    for run in runs:
        check_run(run, data_root)
    digests = {name: data.digest(name, data_root) for name in {run.dataset for run in runs}}
    keyed = {run.key(digests[run.dataset]): run for run in runs}
    missing = {key: keyed[key] for key in lacking_in(store, keyed)}
    check_others(missing, keyed, store)
    if not missing:
        return Outcome(list(keyed), [])
    store.check_writable()
    unit_of = units()
    begun = kinds_begun(unit_of, ((key, store.record(key, quiet=True)) for key in keyed if key not in missing))
    first = next(iter(missing.values()))
    question = question_about(store, first.dataset, digests[first.dataset], data_root, machine.device)
    there = engine()
    with laid(store, question.token):
        team = Team(there, question, machine, missing)
        left, failed = list[str](), dict[str, str]()
        for keys in generations(missing):
            ready = [key for key in keys if all(has_weights(store, other) for other in missing[key].others)]
            left += [key for key in keys if key not in ready]  # what they use was left, or failed
            if not ready:
                continue
            dispatch = Dispatch({key: unit_of[key] for key in ready}, begun)
            more, faults = Conductor(team, dispatch, store, rules or {}, deadline, say).conduct()
            left, failed = left + more, failed | faults
    if failed:
        key, why = next(iter(failed.items()))
        raise RunFailed(f"{len(failed)} of {len(keyed)} runs failed, first {key}: {why}; finished runs are kept")
    done = outcome([key for key in keyed if key not in left], {}, store)
    return replace(done, keys=list(keyed), left=left)


def kinds_begun(
    units: Mapping[str, tuple[int, int]], records: Iterable[tuple[str, Record | None]]
) -> dict[tuple[int, int], str]:
    """The kind of processor of each unit that has finished runs; records are read one by one."""
    return {units[key]: label_of(record["provenance"]) for key, record in records if record and key in units}
