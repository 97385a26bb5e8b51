"""Long tables from records: one row a measurement, with the run's settings beside it."""

from typing import Any

import pandas as pd

from anatomy.record import run_of


def numbers(value: object) -> object:
    """JSON has no inf and no NaN: a record holds them as text."""
    return float(value) if value in ("inf", "-inf", "nan") else value


def tables_of(
    records: dict[str, dict[str, Any]], stages: dict[str, list[str]] | None = None
) -> dict[str, pd.DataFrame]:
    """Long tables from records, the run's settings and its stage joined on; a run of two stages stands in both."""
    frames: dict[str, list[pd.DataFrame]] = {"runs": []}
    for stage, keys in (stages or {"paper": list(records)}).items():
        for key, record in ((key, records[key]) for key in dict.fromkeys(keys) if key in records):
            flat = {"key": key, "stage": stage, **run_of(record).flat()}
            frames["runs"].append(pd.DataFrame([{**flat, "seconds": record["provenance"]["seconds"]}]))
            for name, columns in record["tables"].items():
                rows = pd.DataFrame({column: [numbers(v) for v in values] for column, values in columns.items()})
                settings = {column: value for column, value in flat.items() if column not in rows}
                frames.setdefault(name, []).append(rows.assign(**settings))
    return {name: pd.concat(found, ignore_index=True) for name, found in frames.items() if found}
