"""A record that comes back is a stranger's: it is checked whole before it is written to the store.

Its form, its digest, its size; that it is of the run that was asked for, setting by setting;
that numbers are finite; that it was made by this code.
"""

import json
from math import isfinite

from anatomy.runs.config import Run
from anatomy.runs.source import source_digest
from anatomy.storage.checkpoint import unsealed
from anatomy.storage.record import Provenance, Record, parsed_record, plain

MAX_BYTES = 64 * 10**6  # of a record; the largest of ours has 2 MB
MAX_WEIGHTS = 4 * 10**9  # bytes


def accepted(content: bytes, run: Run, data_digest: str) -> Record:
    """The record of this run. ValueError in one sentence if it is anything else."""
    if len(content) > MAX_BYTES:
        raise ValueError(f"it has {len(content)} bytes, and a record at most {MAX_BYTES}")
    key = run.key(data_digest)
    _check_numbers(content)
    record = parsed_record(content, key)
    if record["run"] != plain(run.content()):  # as a record is written: numbers with nine digits
        raise ValueError("its settings are not those that were asked for")
    _check_provenance(record["provenance"], run)
    return record


def _check_numbers(content: bytes) -> None:
    """JSON as Python writes it may hold NaN and Infinity, and 1e999 is read as infinity; ours never has them."""

    def refused(word: str) -> float:
        raise ValueError(f"it holds the number {word[:20]}")

    def finite(word: str) -> float:
        return float(word) if isfinite(float(word)) else refused(word)

    try:
        json.loads(content, parse_constant=refused, parse_float=finite)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise ValueError("it is not whole JSON") from None


def _check_provenance(provenance: Provenance, run: Run) -> None:
    if source_digest(run) not in provenance["sources"]:
        raise ValueError("it was made by other code")
    if provenance["seconds"] < 0 or provenance["started"] < 0 or not 1 <= provenance["threads"] <= 4096:
        raise ValueError("its provenance has an impossible number")
    said = provenance.get("rules", {})
    if not isinstance(said, dict) or not all(isinstance(digest, str) for digest in said.values()):
        raise ValueError("its rules have another form than ours")


def accepted_weights(content: bytes) -> bytes:
    """The payload of a checkpoint's file; nothing in it is read. ValueError if a byte has changed."""
    if len(content) > MAX_WEIGHTS:
        raise ValueError(f"its weights have {len(content)} bytes, at most {MAX_WEIGHTS} are taken")
    return unsealed(content)
