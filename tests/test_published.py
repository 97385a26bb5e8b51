"""A record as it is published: fewer digits, whole all the same."""

import json
from pathlib import Path

import pandas as pd

from anatomy.runs.config import Run
from anatomy.storage.lean import as_published
from anatomy.storage.record import content_digest, published

KEY = "0123456789abcdef"


def test_whole_numbers_take_no_more_room_than_they_need() -> None:
    """The first keeps its point, so the column is read as floats; words, -0 and what is no number stay."""
    columns = {
        "counts": ([7.0, 0.0, 20102.0, 2.5], "[7.0,0,20102,2.5]"),
        "others": ([-0.0, -0.0, 1e22, float("nan")], '[-0.0,-0.0,1e+22,"nan"]'),
        "words": (["7.0", "8.0", None, True], '["7.0","8.0",null,true]'),
        "steps": ([1, 2, 3, 4], "[1,2,3,4]"),
    }
    record = {"key": KEY, "run": {}, "provenance": {}, "tables": {"t": {name: of for name, (of, _) in columns.items()}}}
    lean = as_published(record)["tables"]["t"]
    assert {name: json.dumps(of, separators=(",", ":")) for name, of in lean.items()} == {
        name: text for name, (_, text) in columns.items()
    }
    assert [type(value) for value in pd.Series(lean["counts"])] == [float] * 4
    assert pd.Series(as_published({**record, "tables": {"t": {"n": [1.0, 2.0]}}})["tables"]["t"]["n"]).dtype == float


def test_tables_keep_six_digits_and_nothing_else_changes(tmp_path: Path) -> None:
    tables = {"knn": {"accuracy": [12.3456789, 0.000123456789], "bank": [90000, 9]}}
    made = dict.fromkeys(("precision", "compile", "device", "cpu", "torch", "commit"), "x")
    made |= {"first_losses": [2.3456789], "sources": ["a"], "threads": 1, "seconds": 1.23456789, "started": 1.0}
    record = {"key": KEY, "run": Run.of(temperature=0.1).content(), "tables": tables,
              "provenance": made}  # fmt: skip
    record["digest"] = content_digest(record)
    lean = as_published(record)
    assert lean["tables"] == {"knn": {"accuracy": [12.3457, 0.000123457], "bank": [90000, 9]}}
    assert {name: lean[name] for name in ("key", "run", "provenance")} == {
        name: record[name] for name in ("key", "run", "provenance")
    }
    assert tables["knn"]["accuracy"] == [12.3456789, 0.000123456789]
    (tmp_path / f"{KEY}.json").write_text(json.dumps(lean))
    assert published(tmp_path) == {KEY: lean}  # its digest is that of what it holds now
