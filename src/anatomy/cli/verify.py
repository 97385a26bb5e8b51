"""Check every file of a store without changing it: what each run is, and which files are damaged.

Nothing is renamed or written, so a store may be read-only or in use.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from anatomy.scheduling.timings import read_timings
from anatomy.storage.checkpoint import state_of, unsealed
from anatomy.storage.files import read_whole, reason
from anatomy.storage.locks import locked
from anatomy.storage.record import Record, read_record
from anatomy.storage.store import Store, read_progress


@dataclass(frozen=True)
class Row:
    """A run of a store (or a file beside the runs): what it is, and one sentence for each damaged file."""

    key: str
    state: str
    damaged: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = [self.state, *(f"damaged: {why}" for why in self.damaged)]
        return f"{self.key}  {'; '.join(filter(None, said))}"


def listed(store: Store) -> list[Row]:
    """Every run, with only its record read."""
    return [_row(store, key, ["record.json"]) for key in store.keys()]


def verified(store: Store) -> list[Row]:
    """Every run, with every file read; then the timings, if they are damaged."""
    rows = [_row(store, key, _names(store.folder(key))) for key in store.keys()]
    return rows + [Row("timings.json", "", (why,)) for why in _timings(store)]


def _names(folder: Path) -> list[str]:
    """Of the files to read; what the system keeps in a folder has a dot before its name."""
    try:
        busy = locked(folder)
        names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError:  # a folder that may not be read: what of it cannot be read is then said
        return list(READ)
    return [name for name in names if not (busy and name.endswith(".part"))]


def _row(store: Store, key: str, names: list[str]) -> Row:
    found: dict[str, object] = {}  # by a file's name; see READ
    damaged = []
    for name in names:
        try:
            found[name] = READ.get(name, _unknown)(store.folder(key) / name, key)
        except FileNotFoundError as gone:
            if (store.folder(key) / name).is_symlink():
                damaged.append(f"{name}: {reason(gone)}")
        except (ValueError, OSError) as damage:
            damaged.append(f"{name}: {reason(damage)}")
    return Row(key, _state(store, key, cast(Record | None, found.get("record.json")), damaged), tuple(damaged))


def _state(store: Store, key: str, record: Record | None, damaged: list[str]) -> str:
    if record is not None:
        weights = "" if (store.folder(key) / "checkpoint").exists() else ", without weights"
        return f"finished, {record['provenance']['seconds']:.0f} s{weights}"
    return "" if any(why.startswith("record.json:") for why in damaged) else f"{100 * store.progress(key):.0f} % done"


def _checkpoint(path: Path, key: str) -> None:
    state_of(unsealed(read_whole(path)), key)


def _lock(path: Path, key: str) -> None:
    if not path.is_file():
        raise ValueError("it is no file")


def _unknown(path: Path, key: str) -> None:
    if ".damaged-" in path.name:
        raise ValueError("it was quarantined")
    raise ValueError("it was left by a killed process" if path.suffix == ".part" else "it is no file of a run")


# What a file holds is of no interest here, but of a record.
READ: dict[str, Callable[[Path, str], object]] = {
    "record.json": read_record,
    "checkpoint": _checkpoint,
    "progress.json": lambda path, key: read_progress(path),
    "lock": _lock,
}


def _timings(store: Store) -> list[str]:
    """One sentence if the file is damaged."""
    try:
        known = json.loads((store.root / "timings.json").read_text(encoding="utf-8"))
        sound = known == read_timings(store)
    except FileNotFoundError:
        return []
    except (ValueError, RecursionError):
        sound = False
    except OSError as damage:
        return [reason(damage)]
    return [] if sound else ["it is not what was written; the next study makes anew what it lacks"]
