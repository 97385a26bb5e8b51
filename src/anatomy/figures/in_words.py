"""The numbers of a figure in words, for who does not see it: made from the tables that it was drawn from."""

from collections.abc import Iterator

import pandas as pd

from anatomy.figures.drawn import Tables

ALONG = ("step", "steps", "negatives", "x", "batch_size", "temperature", "epochs", "at", "score", "share", "angle")
VALUES = ("mean", "accuracy", "effect", "error", "value", "high", "entropy", "c", "weight", "center", "raw_positive")
NAMES = (
    "contrast",
    "quantity",
    "arm",
    "comparison",
    "name",
    "layer",
    "of",
    "line",
    "label",
    "identity",
    "loss",
    "role",
    "defense",
    "objective",
    "what",
)
FLOOR = "label"  # of a line that accuracies are held against: named, even where it is the only one
SETTINGS = ("batch_size", "temperature", "momentum")
MOST = 1500  # letters; the CSV has the rest


def in_words(tables: Tables) -> str:
    """One sentence a table: of each arm its number and interval, or the first and the last along an axis."""
    lines = {name: [*_lines(table)] for name, table in tables.items() if len(table)}
    said = " ".join(f"{_title(name)}{'; '.join(each)}." for name, each in lines.items() if each)
    return said if len(said) <= MOST else said[:MOST].rpartition(";")[0] + "; the rest stands in the CSV."


def _title(name: str) -> str:
    """A table's own name, where the figure gives it one; the name of an argument says nothing to a reader."""
    own = name.removeprefix("below: ")
    return "" if own.isidentifier() else f"{own.replace('$', '')}: "


def _lines(table: pd.DataFrame) -> Iterator[str]:
    value = next((name for name in VALUES if name in table), None)
    if value is None:
        return
    if {"spread", "center"} <= {*table}:  # a plane
        for arm, means in table.groupby("arm", sort=False)[["spread", "center"]].mean().iterrows():
            yield f"{arm}: spread {means['spread']:.2f}, center {means['center']:.2f}".replace("$", "")
        return
    along = next((name for name in ALONG if name in table and name != value and table[name].nunique() > 1), None)
    several = [name for name in (*NAMES, *SETTINGS) if name in table and (name == FLOOR or table[name].nunique() > 1)]
    by = [name for name in several if name != along]
    for entry, rows in table.groupby(by, sort=False, dropna=False) if by else [((), table)]:
        name = ", ".join(map(_named, by, entry if isinstance(entry, tuple) else (entry,)))
        yield f"{name}: {_numbers(rows, value, along)}" if name else _numbers(rows, value, along)


def _named(column: str, entry: object) -> str:
    """A word as it is, a number with what it is of."""
    return f"{_words(column)} {entry:g}" if isinstance(entry, int | float) else str(entry).replace("$", "")


def _words(column: str) -> str:
    return {"x": "", "at": "", "negatives": "K ="}.get(column, column.replace("_", " "))


def _numbers(rows: pd.DataFrame, value: str, along: str | None) -> str:
    """`43.2 (41 to 45.4)`, or `0.91 at step 0, 0.44 at step 700`; of errors the largest, as they are drawn."""
    middle = "max" if value == "error" else "mean"
    if along is None or len(rows) == 1:
        return f"{rows[value].agg(middle):.3g}{_interval(rows.iloc[0]) if len(rows) == 1 else ''}"
    ends = rows.groupby(along)[value].agg(middle).iloc[[0, -1]]
    first, last = (" ".join(f"{number:.3g} at {_words(along)} {place:.6g}".split()) for place, number in ends.items())
    return f"{first}, {last}"


def _interval(row: pd.Series) -> str:
    """Of a mean over seeds; that it is no mean where there is one seed."""
    if pd.notna(row.get("low")):
        return f" ({row['low']:.3g} to {row['high']:.3g})"
    return " (one seed)" if row.get("n") == 1 else ""
