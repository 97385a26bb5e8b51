"""A record as it is published: fewer digits, whole all the same."""

import json
from pathlib import Path

from anatomy.runs.config import Run
from anatomy.storage.record import as_published, content_digest, published

KEY = "0123456789abcdef"


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
