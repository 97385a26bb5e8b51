"""Runs that use another run's weights: which are trained first, and what is said where those weights are not there.

A record holds no weights. They are the last checkpoint of the other run, which the store keeps beside its record.
"""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from anatomy.errors import InputError, RunFailed
from anatomy.runs.config import Run
from anatomy.storage.checkpoint import state_of, unsealed
from anatomy.storage.record import parsed_record, run_of
from anatomy.storage.store import Store

if TYPE_CHECKING:  # torch is imported where it is used: a process that plans does without
    from anatomy.networks.heads import Encoder

Sent = Mapping[str, tuple[bytes, bytes]]  # by key: the files of a record and of a checkpoint, for a worker far away


def needed(runs: Mapping[str, Run]) -> set[str]:
    """Keys of the runs whose weights others use."""
    return {other for run in runs.values() for other in run.others}


def generations(runs: Mapping[str, Run]) -> Iterator[list[str]]:
    """Keys, in as few lists as possible, so that each run comes after those of `runs` whose weights it uses."""
    waiting = dict(runs)
    while waiting:
        ready = [key for key, run in waiting.items() if not waiting.keys() & {*run.others}]
        yield ready
        waiting = {key: run for key, run in waiting.items() if key not in ready}


def check_others(missing: Mapping[str, Run], asked: Collection[str], store: Store) -> None:
    """InputError for a run whose other is neither asked for with it nor in the store with its weights."""
    for run in missing.values():
        for other in run.others:
            if other not in asked and not has_weights(store, other):
                raise lacking(other, run, store)


def has_weights(store: Store, key: str) -> bool:
    """Whether a run is finished here and its weights are there."""
    return store.record(key, quiet=True) is not None and (store.folder(key) / "checkpoint").is_file()


def lacking(other: str, run: Run, store: Store) -> InputError:
    """What to do where the weights of a run's other are not in the store."""
    if store.record(other, quiet=True) is not None:
        return InputError(
            f"{run.method.name} uses the weights of run {other}, of which {store.root} has only the record; "
            f"remove {store.folder(other)}, and train that run again"
        )
    known = get_close_matches(other, [key for key in store.keys() if has_weights(store, key)], n=3, cutoff=0)
    hint = f"known: {', '.join(known) or 'none'}"
    return InputError(
        f"{run.method.name} uses the weights of run {other}, which is not in the store {store.root}: train that run "
        f"first; {hint}"
    )


def files_of(run: Run, store: Store) -> Sent:
    """Of each other run: a worker without this store is sent them. InputError where the store lacks one."""
    for other in run.others:
        if not has_weights(store, other):
            raise lacking(other, run, store)
    folders = {other: store.folder(other) for other in run.others}
    return {
        key: ((folder / "record.json").read_bytes(), (folder / "checkpoint").read_bytes())
        for key, folder in folders.items()
    }


def encoders(run: Run, files: Sent) -> dict[str, "Encoder"]:
    """The trained encoder of each other run, by key. RunFailed for files that are not those of the run."""
    from anatomy.training.network import encoder_with

    found = {}
    for key in run.others:
        record, checkpoint = files[key]
        try:
            state = state_of(unsealed(checkpoint), key)["training"]["method"]
            found[key] = encoder_with(state, run_of(parsed_record(record, key)))
        except ValueError as damage:
            why = f"the weights of run {key}, which {run.method.name} uses, cannot be read: {damage}"
            raise RunFailed(why) from None
    return found
