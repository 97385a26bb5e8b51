"""Long tables from records: one row per measurement, with the run's settings beside it."""

from collections.abc import Iterable, Mapping
from itertools import chain

import numpy as np
import pandas as pd

from anatomy.hardware.processors import MADE_ON, kind
from anatomy.made_when_read import MadeWhenRead
from anatomy.settings import Settings
from anatomy.storage.record import Record, Table, run_of

PAPER = "paper"  # the stage of the runs with the paper's settings
FLOOR = "floor"  # the stage of the runs that accuracies are held against
# By the runs (the ids of their settings, which live as long): each setting, one value a run.
Said = dict[tuple[int, ...], dict[str, pd.api.extensions.ExtensionArray]]
Rows = list[tuple[Settings, Record]]
MISSING = float("nan")  # in the rows of a run that lacks a column which another run has


def numbers(value: object) -> object:
    """JSON has no inf and no NaN: a record holds them as text."""
    return float(value) if value in ("inf", "-inf", "nan") else value


def tables_of(records: Mapping[str, Record], stages: dict[str, list[str]] | None = None) -> MadeWhenRead:
    """Long tables from records, the run's settings and its stage joined on; a run of two stages stands in both. What
    accuracies are held against stands in a table of its own, `floor`, and in no other."""
    asked = stages or {"paper": list(records)}
    rows = _rows(records, {stage: keys for stage, keys in asked.items() if stage != FLOOR})
    below = _rows(records, {FLOOR: asked.get(FLOOR, [])})
    measured = dict.fromkeys(chain.from_iterable(record["tables"] for _, record in rows))
    said: Said = {}

    def make(name: str) -> pd.DataFrame:
        if name == FLOOR:
            return _floor(below)
        if name == "runs":
            seconds = ({**settings, "seconds": record["provenance"]["seconds"]} for settings, record in rows)
            return _frame([({}, settings) for settings in seconds])
        return _frame([(record["tables"][name], of) for of, record in rows if name in record["tables"]], said)

    # Claims and pages read a sixth of what the runs of a study measured.
    return MadeWhenRead(["runs", *measured] * bool(rows) + [FLOOR] * bool(below), make)


def _rows(records: Mapping[str, Record], stages: dict[str, list[str]]) -> Rows:
    """Of every run, in each of its stages: its settings, the kind of processor that it was made on, and its record."""
    shown = [(stage, key) for stage, keys in stages.items() for key in dict.fromkeys(keys)]
    there = {key: records[key] for key in {key for _, key in shown} & records.keys()}
    flat = {key: {MADE_ON: kind(record["provenance"]), **run_of(record).flat()} for key, record in there.items()}
    return [({"key": key, "stage": stage, **flat[key]}, records[key]) for stage, key in shown if key in flat]


def _floor(rows: Rows) -> pd.DataFrame:
    """One row a run and readout: columns readout, accuracy, and the run's settings."""
    found = []
    for settings, record in rows:
        read = {name: table["accuracy"][0] for name, table in record["tables"].items() if "accuracy" in table}
        found.append(({"readout": list(read), "accuracy": list(read.values())}, settings))
    return _frame(found)


def _frame(runs: list[tuple[Table, Settings]], said: Said | None = None) -> pd.DataFrame:
    """Measured columns [one value a row], and settings, which are the same in all rows of a run: made column by column,
    since a frame for each of some hundred runs takes seconds. `said` keeps the settings for tables of the same runs."""
    of_runs = {} if said is None else said.setdefault(tuple(id(settings) for _, settings in runs), {})
    lengths = [len(next(iter(columns.values()), [None])) for columns, _ in runs]
    run_of_row = np.repeat(np.arange(len(runs)), lengths)
    frame = {}
    measured = {name for columns, _ in runs for name in columns}
    for name in dict.fromkeys(chain.from_iterable((*columns, *settings) for columns, settings in runs)):
        if name not in measured:
            if name not in of_runs:
                of_runs[name] = pd.Series(_typed([settings.get(name, MISSING) for _, settings in runs])).array
            frame[name] = of_runs[name].take(run_of_row)
            continue
        values = [
            columns[name] if name in columns else [settings.get(name, MISSING)] * length
            for (columns, settings), length in zip(runs, lengths, strict=True)
        ]
        frame[name] = pd.Series(_typed(list(chain.from_iterable(values)))).array
    return pd.DataFrame(frame)


def _typed(values: list[object]) -> Iterable[object]:
    """Numbers as numbers; an array of objects where None, which is a setting of its own, stands beside them."""
    kinds = set(map(type, values))
    if str in kinds:
        values = [numbers(value) for value in values]
        kinds = set(map(type, values))
    if type(None) in kinds or (bool in kinds and len(kinds) > 1):
        column = np.empty(len(values), dtype=object)
        column[:] = values
        return column
    return values
