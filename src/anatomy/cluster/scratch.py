"""The folder in which a worker keeps what is not handed back yet: runs, timings and data sets that were sent.

ANATOMY_SCRATCH, or `~/.cache/anatomy`. Workers of one machine share it, and a worker that starts again finds it.
"""

import os
from pathlib import Path

from anatomy.paths import given_path
from anatomy.storage.files import write_whole
from anatomy.storage.locks import locked
from anatomy.storage.store import Store


def root() -> Path:
    return given_path(os.environ.get("ANATOMY_SCRATCH") or "~/.cache/anatomy", "ANATOMY_SCRATCH")


def own_store() -> Store:
    return Store(root() / "runs")


def kept() -> dict[str, str]:
    """Runs here by key: `finished` and not handed back, or `training`, for a command that has ended since."""
    store = own_store()
    states = {key: "finished" if store.record(key, quiet=True) else "training" for key in store.keys()}
    return {key: state for key, state in states.items() if state == "finished" or locked(store.folder(key))}


def forget(keys: list[str]) -> None:
    """Remove runs that were handed back."""
    store = own_store()
    for key in {*keys} & {*store.keys()}:
        store.remove(key)


def data_folder(digest: str) -> Path:
    """Where a data set lies that was sent, by its digest."""
    return root() / "data" / digest


def save_archive(name: str, digest: str, content: bytes) -> None:
    """A data set's archive, as a data_root of its own."""
    path = data_folder(digest) / f"{name}.npz"
    if not path.is_file():
        write_whole(path, content)
