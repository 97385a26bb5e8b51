"""A record: read as it was written or rejected in one sentence, published ones too, and numbers as JSON holds them."""

import hashlib
import json
import re
from math import inf, nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anatomy.errors import InputError
from anatomy.runs.config import Run, valid_run
from anatomy.storage.lean import as_published
from anatomy.storage.record import (
    PROVENANCE,
    SECTIONS,
    as_written,
    content_digest,
    plain,
    published,
    read_record,
    run_of,
)

KEY = "0123456789abcdef"
RUN = Run.of(method="simco", loss="dual_temperature", temperature_intra=0.1, temperature_inter="inf", epochs=2)
MADE = {
    "sources": ["a"],
    "first_losses": [1.5],
    "precision": "fp32",
    "threads": 1,
    "compile": "no",
    "device": "cpu",
    "cpu": "x",
    "torch": "2",
    "commit": "abc",
    "seconds": 1.0,
    "started": 0.0,
}


def record(**changed: Any) -> dict[str, Any]:
    tables = {"loss": {"epoch": [1, 2], "loss": [0.5, 0.25]}}
    return {"key": KEY, "run": RUN.content(), "tables": tables, "provenance": MADE, **changed}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of a record that is whole."""
    (tmp_path / "record.json").write_bytes(as_written(record()))
    return tmp_path / "record.json"


def without(content: dict[str, Any], name: str) -> dict[str, Any]:
    return {known: value for known, value in content.items() if known != name}


def test_what_is_written_is_read(path: Path) -> None:
    found = read_record(path, KEY)
    assert without(found, "digest") == record()
    assert run_of(found) == RUN


def digested(content: dict[str, Any]) -> bytes:
    """Some content with a digest that is right: somebody's, or an older version's, and not damaged."""
    return json.dumps(content | {"digest": content_digest(content)}).encode()


FORM = "it has another form than ours"
TABLE = "its table 'loss' has another form than ours"
FOREIGN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "it is not whole JSON"),
    "no text": (b"\xff\xfe\x00", "it is not whole JSON"),
    "brackets without end": (b"[" * 100_000, "it is not whole JSON"),
    "no record": (b'{"cells": []}', "it lacks one of"),
    "a list": (b"[1, 2]", "it lacks one of"),
    "a number": (b"3", "it lacks one of"),
    "of another run": (as_written(record(key="f" * 16)), "it is of run ffffffffffffffff"),
    "of an unknown method": (as_written(record(run={"method": "bimco"})), "unknown method 'bimco'"),
    "of an invalid run": (as_written(record(run={"epochs": -1})), "epochs is -1"),
    "its run a list": (as_written(record(run=[1])), FORM),
    "its tables a list": (as_written(record(tables=[])), FORM),
    "its provenance text": (as_written(record(provenance="mine")), FORM),
    "a table that is a list": (as_written(record(tables={"loss": [1]})), TABLE),
    "a column that is a number": (as_written(record(tables={"loss": {"epoch": 1}})), TABLE),
    "columns of two lengths": (as_written(record(tables={"loss": {"epoch": [1, 2], "loss": [1]}})), TABLE),
    "seconds as text": (as_written(record(provenance=MADE | {"seconds": "1"})), "does not say 'seconds'"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_foreign_record_is_rejected(what: str, path: Path) -> None:
    content, why = FOREIGN[what]
    path.write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(why)) as rejected:
        read_record(path, KEY)
    assert "\n" not in str(rejected.value)


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_record_that_lacks_a_section(section: str, path: Path) -> None:
    """Non-regression: without its digest, a record with a changed number passed."""
    path.write_text(json.dumps(without(json.loads(path.read_bytes()), section)))
    with pytest.raises(ValueError, match="it lacks one of digest, key, provenance, run, tables"):
        read_record(path, KEY)


@pytest.mark.parametrize("fact", sorted(PROVENANCE))
def test_record_that_lacks_what_readers_ask_for(fact: str, path: Path) -> None:
    """Non-regression: one without `seconds` was a KeyError in `store list`, in tables and on pages."""
    path.write_bytes(digested(record(provenance=without(MADE, fact))))
    with pytest.raises(ValueError, match=f"its provenance does not say '{fact}'"):
        read_record(path, KEY)


def test_record_of_an_own_file_is_read_where_the_file_is_not(path: Path) -> None:
    """Non-regression: from another folder it passed for damaged, and was quarantined."""
    for field, part in {"loss": {"mine.py:f": {}}, "recorders": [{"mine.py:Nosy": {"often": 2}}]}.items():
        path.write_bytes(as_written(record(run={field: part})))
        assert read_record(path, KEY)["run"] == {field: part}


def test_record_with_any_bit_flipped_or_cut_short_is_never_used(path: Path) -> None:
    """Each byte of the file, one bit of it, and each length. A flipped digit leaves whole JSON: the digest tells."""
    whole = path.read_bytes()
    spoiled = [whole[:at] + bytes([whole[at] ^ 1 << at % 7]) + whole[at + 1 :] for at in range(len(whole))]
    spoiled += [whole[:at] for at in range(0, len(whole), 7)]
    for content in spoiled:
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"^it (is|lacks)|^its content"):
            read_record(path, KEY)


@pytest.mark.parametrize("seed", [0, 7, 2**63 - 1])
def test_the_run_of_a_record(seed: int) -> None:
    """Its own seed, and the parts of every record with its setting."""
    run, third = (valid_run(RUN.content() | {"seed": one}) for one in (seed, 3))
    found, other = run_of(record(run=run.content())), run_of(record(run=third.content()))
    assert (found, found.content(), found.key("d")) == (run, run.content(), run.key("d"))
    assert (other.seed, found.method is other.method) == (3, True)


@pytest.mark.parametrize("seed", [-1, 2**63, "x", None])
def test_the_run_of_a_record_with_an_impossible_seed(seed: object) -> None:
    with pytest.raises(InputError, match="seed is "):
        run_of(record(run=RUN.content() | {"seed": seed}))


def test_published_record_that_is_damaged_is_named(tmp_path: Path) -> None:
    (tmp_path / f"{KEY}.json").write_bytes(digested(as_published(record())))
    assert list(published(tmp_path)) == [KEY]
    (tmp_path / "abc.json").write_text("{")
    with pytest.raises(InputError, match=r"abc\.json.*not whole JSON"):
        published(tmp_path)


# --- numbers as JSON


def test_without_a_folder_nothing_is_published(tmp_path: Path) -> None:
    assert published(tmp_path / "archive") == {}


def test_json_holds_no_nan_and_no_infinity() -> None:
    said = plain({"a": [1.0, nan, inf, -inf], "b": (1, True, None, "text")})
    assert said == {"a": [1.0, "nan", "inf", "-inf"], "b": [1, True, None, "text"]}
    json.dumps(said, allow_nan=False)


def test_nine_digits_hold_every_float32(generator: Any) -> None:
    numbers = np.random.Generator(np.random.PCG64(0)).integers(0, 2**31 - 2**24, 1000, dtype=np.uint32).view(np.float32)
    numbers = numbers[np.isfinite(numbers)]
    back = np.array(plain([float(number) for number in numbers]), dtype=np.float32)
    assert (back == numbers).all()
    assert plain(plain(1 / 3)) == plain(1 / 3)


def test_digest_is_over_all_but_itself() -> None:
    """The oracle: sha256 of the sorted JSON, its first 16 hex digits."""
    content = {"b": [1.5], "a": {"z": 1, "y": 2}}
    expected = hashlib.sha256(b'{"a": {"y": 2, "z": 1}, "b": [1.5]}').hexdigest()[:16]
    assert content_digest(content) == content_digest(content | {"digest": "x"}) == expected
