"""A finished run as text: what its file holds, how it is checked, and how published ones are read.

    {"key", "run", "tables", "provenance", "digest"}

`STORE/<key>/record.json` and the repository's `records/<key>.json` have the same form. What is not as it was written is
rejected in one sentence, so that whoever reads a record finds in it all that the form promises.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any, TypedDict, cast

from anatomy.errors import InputError
from anatomy.runs.config import Run, valid_run
from anatomy.runs.kinds import SEVERAL, SINGLE
from anatomy.storage.files import read_whole

Json = Any  # what `json` makes of a file that nobody has checked yet
Table = dict[str, list[Json]]  # a column holds numbers and words


class WithRules(TypedDict, total=False):
    # A claim's id: the digest of its rule when the run began, of each claim of the chapter that trained it. Older
    # records, and runs that no chapter asked for, have those of all chapters; the oldest have none.
    rules: dict[str, str]


class WithDigest(TypedDict, total=False):
    digest: str  # 16 hex digits over all the rest; `as_written` adds it


class Provenance(WithRules):
    """How a run was made. PROVENANCE below says what of it is checked at reading."""

    device: str  # cpu, or the card's name
    cpu: str
    torch: str
    python: str
    anatomy: str  # version of the package
    commit: str  # of the checkout, with + where it was changed
    precision: str  # fp32 or bf16
    compile: str  # yes or no
    threads: int
    started: float  # seconds since 1970
    seconds: float  # of training and measuring
    sources: list[str]  # digests of the code that makes this run
    first_losses: list[float]  # nats


class Record(WithDigest):
    """A finished run."""

    key: str
    run: dict[str, Json]  # `Run.content()`
    tables: dict[str, Table]
    provenance: Provenance


SECTIONS = {"key", "run", "tables", "provenance", "digest"}
# What a replay, a table, a page and the command line read of a record's provenance, and as what.
PROVENANCE: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("sources", "first_losses"), list),
    **dict.fromkeys(("precision", "compile", "device", "cpu", "torch", "commit"), str),
    "threads": int,
    **dict.fromkeys(("seconds", "started"), (int, float)),
}


def read_record(path: Path, key: str) -> Record:
    """A record as written by `as_written`. ValueError in one sentence if it is not one, or of another run."""
    return parsed_record(read_whole(path), key)


def parsed_record(content: bytes, key: str) -> Record:
    """The same of a file's content."""
    try:
        record: Json = json.loads(content.decode())
    except (ValueError, RecursionError):
        raise ValueError("it is not whole JSON") from None
    if not isinstance(record, dict) or not SECTIONS <= record.keys():
        raise ValueError(f"it lacks one of {', '.join(sorted(SECTIONS))}")
    if record["key"] != key:
        raise ValueError(f"it is of run {record['key']}")
    if record["digest"] != content_digest(record):
        raise ValueError("its content is not what was written")
    _check_form(record)
    if not _of_own_files(record["run"]):  # which may be elsewhere today: the numbers stay what they are
        run_of(cast(Record, record))
    return cast(Record, record)


def _check_form(record: Json) -> None:
    """ValueError for a section, a table or a fact about the making that readers could not use."""
    run, tables, provenance = record["run"], record["tables"], record["provenance"]
    if not all(isinstance(section, dict) for section in (run, tables, provenance)):
        raise ValueError("it has another form than ours")
    for name, table in tables.items():
        columns = table.values() if isinstance(table, dict) else [None]
        lengths = {len(column) if isinstance(column, list) else None for column in columns}
        if None in lengths or len(lengths) > 1:
            raise ValueError(f"its table {name!r} has another form than ours")
    for name, kind in PROVENANCE.items():
        if not isinstance(provenance.get(name), kind):
            raise ValueError(f"its provenance does not say {name!r}")


def _of_own_files(content: dict[str, Json]) -> bool:
    """Whether the run is made of a part `mine.py:my_loss`."""
    given = [content.get(field, {}) for field in SINGLE] + [p for field in SEVERAL for p in _listed(content.get(field))]
    return any(":" in name for part in given if isinstance(part, dict) for name in part)


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()


def as_written(record: Record) -> bytes:
    """The content of a record's file, with its digest."""
    whole = plain(record)
    return json.dumps(whole | {"digest": content_digest(whole)}, separators=(",", ":")).encode()


def content_digest(record: Mapping[str, object]) -> str:
    """16 hex digits over all of a record but this digest: a flipped bit may leave whole JSON."""
    content = {name: value for name, value in record.items() if name != "digest"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def run_of(record: Record) -> Run:
    """The Run that a record is of."""
    content, seed = record["run"], record["run"].get("seed", 0)
    if _of_own_files(content) or type(seed) is not int or not 0 <= seed < 2**63:
        return valid_run(content)
    setting = {name: value for name, value in content.items() if name != "seed"}
    return _of_seed_0(json.dumps(setting)).model_copy(update={"seed": seed})


# A record is checked when it is read, and asked for its run in each table that it stands in. A study of 100,000 runs
# has few settings, whose parts its runs share.
@lru_cache(maxsize=2**12)
def _of_seed_0(setting: str) -> Run:
    return valid_run(json.loads(setting))


def published(folder: Path) -> dict[str, Record]:
    """Published records by key, not to be changed; InputError names a damaged one (the repository's own files).

    Those of the folder itself: what lies in folders below it judges nothing (`archive`, `processors`). A book of one's
    own may have no such folder.
    """
    if not folder.is_dir():
        return {}
    with os.scandir(folder) as found:  # a third of the time of a glob, and every study asks
        stamps = sorted((file.path, file.stat().st_mtime_ns) for file in found if file.name.endswith(".json"))
    return _published(tuple(stamps))


@lru_cache(maxsize=8)  # every study asks, and there are hundreds of records
def _published(files: tuple[tuple[str, int], ...]) -> dict[str, Record]:
    records = {}
    for path, _ in files:
        file = Path(path)
        try:
            records[file.stem] = read_record(file, file.stem)
        except ValueError as damage:
            raise InputError(f"the published record {file} cannot be used: {damage}; restore it with git") from None
    return records


def plain(value: Json, digits: int = 9) -> Json:
    """JSON without NaN or infinity, numbers with 9 significant digits (more than float32 has)."""
    if isinstance(value, dict):
        return {str(name): plain(inner, digits) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, digits) for inner in value]
    if isinstance(value, float):
        return float(f"{value:.{digits}g}") if isfinite(value) else str(value)
    return value
