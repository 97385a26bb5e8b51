"""A record that comes back is checked as a stranger's."""

import json
from pathlib import Path
from typing import Any

import pytest

from anatomy.cluster import accept
from anatomy.cluster.accept import accepted, accepted_weights
from anatomy.data import digest
from anatomy.storage.checkpoint import sealed
from anatomy.storage.record import Record, as_written, content_digest
from anatomy.storage.store import Store
from tiny import swept, tiny

RUN, DATA = tiny(epochs=1), digest("shapes")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    store = Store(tmp_path_factory.mktemp("runs"))
    found = store.record(swept(store, [RUN]).keys[0])
    assert found is not None
    return found


def changed(record: Record, **sections: Any) -> bytes:
    """The record with some sections changed, and a digest that fits them."""
    whole = json.loads(as_written(record)) | sections
    return json.dumps(whole | {"digest": content_digest(whole)}).encode()


def test_a_sound_record_is_taken(record: Record) -> None:
    assert accepted(as_written(record), RUN, DATA)["tables"] == record["tables"]


def test_a_setting_of_more_digits_than_a_record_keeps(record: Record) -> None:
    """As an epsilon of 16/255."""
    run = tiny(epochs=1, learning_rate=16 / 255)
    whole = {**record, "key": run.key(DATA), "run": run.content()}
    assert accepted(as_written(whole), run, DATA)["run"]["learning_rate"] == 0.062745098


def test_what_is_refused(record: Record) -> None:
    made = record["provenance"]
    table = {"loss": {"step": [0], "loss": [1.0]}}
    wrong = {
        "not whole JSON": b"\x80\x04pickle",
        "of run": as_written({**record, "key": "0" * 16}),
        "not what was written": as_written(record).replace(b'"fp32"', b'"fp16"'),
        "not those that were asked for": changed(record, run=tiny(epochs=1, seed=1).content()),
        "the number NaN": changed(record, tables={"loss": {"step": [0], "loss": [float("nan")]}}),
        "the number 1e999": changed(record, tables=table).replace(b"1.0]", b"1e999]"),
        "another form": changed(record, tables={"loss": {"step": [0, 1], "loss": [1.0]}}),
        "other code": changed(record, provenance=made | {"sources": ["0" * 16]}),
        "impossible number": changed(record, provenance=made | {"threads": 0}),
        "its rules": changed(record, provenance=made | {"rules": ["a"]}),
        "does not say 'cpu'": changed(record, provenance={n: v for n, v in made.items() if n != "cpu"}),
    }
    for said, content in wrong.items():
        with pytest.raises(ValueError, match=said):
            accepted(content, RUN, DATA)


def test_a_large_one_is_refused_before_it_is_read(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accept, "MAX_BYTES", 100)
    with pytest.raises(ValueError, match="and a record at most 100"):
        accepted(as_written(record), RUN, DATA)


def test_weights_are_not_read_but_must_be_whole(tmp_path: Path) -> None:
    assert accepted_weights(sealed(b"anything")) == b"anything"
    with pytest.raises(ValueError, match="not those that were written"):
        accepted_weights(sealed(b"anything")[:-1])
