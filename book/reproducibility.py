"""The page that says where the runs were made, and what another kind of processor made of the same runs.

Drawn from the published records; nothing is computed or typed here.
"""

from collections.abc import Hashable, Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from anatomy.chapters import number_of
from anatomy.cli.known import published_studies
from anatomy.pages.other_processors import Others, minutes_by_kind, numbers_by_kind, other_records, verdicts_by_kind
from anatomy.pages.reproducibility import runs_by_kind
from anatomy.storage.record import published
from anatomy.study import request
from anatomy.verdicts.numbers import number
from drawn_by_lot import by_lot
from effort import effort
from markup import plain
from regime_pilots import regime_pilots

INTRODUCTION = """# Where the runs were made

The same run gives other last digits on another kind of processor, and after some epochs other numbers within the spread
of its seeds. A kind is a card, or a family of processors with its widest instructions, and a precision:
`epyc-avx2-fp32`, `xeon-amx-bf16`. All arms of a comparison at one seed come from one kind, so that a difference between
arms never is one between processors; where they do not, the claim is not judged.
"""
HEADS = {"kind": "kind of processor", "dataset": "data set"}
ORIGIN = """
:::{div} provenance
Counted from the records of the runs; <a href="../runs.csv" download>their list</a> has each with its processor, its
hours and its commit.
:::
"""
DURATIONS = """
Minutes of one core that the same runs took, and the other kind's over the published ones'; a machine may have done
other work meanwhile:
"""
NO_RUNS = "No run is published."
NO_OTHERS = "No run is published from a second kind of processor."


def reproducibility_page() -> str:
    """The page in MyST, of what records/ holds."""
    studies = [study.evidence for study in published_studies()]
    others = other_records(request.PUBLISHED)
    records = published(request.PUBLISHED) if request.PUBLISHED.is_dir() else {}
    compared = [verdicts_by_kind(study, others) for study in studies]
    found = pd.concat(compared, ignore_index=True) if compared else pd.DataFrame()
    again = [record["provenance"] for of_kind in others.values() for record in of_kind.values()]
    made = page(runs_by_kind(studies), found, numbers_by_kind(records, others), others)
    made += durations(minutes_by_kind(studies, others))
    return made + by_lot() + regime_pilots() + effort(studies, again, ORIGIN)


def page(runs: pd.DataFrame, verdicts: pd.DataFrame, numbers: pd.DataFrame, others: Others) -> str:
    titled = (
        runs.assign(
            chapter=runs["chapter"].map(number_of).astype(str),
            minutes=runs["minutes"].round().astype(int).astype(str) + " " + runs["of"],
            claims=runs["claims"].map(lambda ids: in_short(ids) or "none"),
        )
        .drop(columns="of")
        .sort_values(["kind", "chapter"])
    )
    parts = [INTRODUCTION, "## What ran where, how long, for which claims\n"]
    parts += [table(titled), ORIGIN] if len(runs) else [NO_RUNS]
    parts.append("\n## The same runs on another kind of processor\n")
    return "\n".join([*parts, *([*comparison(verdicts, numbers), ORIGIN] if others else [NO_OTHERS]), ""])


def in_short(ids: Sequence[str]) -> str:
    """`dictionary-1 to 3, 13; mixing-2`: numbers that follow each other as one, a family named once."""
    said = []
    for family, of_family in groupby(ids, key=lambda id: id.rpartition("-")[0]):
        numbers = [int(id.rpartition("-")[2]) for id in of_family]
        runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
        said.append(f"{family}-" + ", ".join(f"{run[0]} to {run[-1]}" if run[1:] else str(run[0]) for run in runs))
    return "; ".join(said)


def comparison(verdicts: pd.DataFrame, numbers: pd.DataFrame) -> list[str]:
    """Verdicts beside verdicts; of single numbers how far they lie apart."""
    if verdicts.empty:
        said = ["No claim has all of its runs from a second kind; those that were drawn by lot stand below."]
    else:
        said = [f"{int(verdicts['same'].sum())} of {len(verdicts)} verdicts are the same.\n"]
        said += [f"- {difference(row)}" for row in verdicts[~verdicts["same"].astype(bool)].to_dict("records")]
        said += ["", table(side_by_side(verdicts))]
    if len(numbers):
        said += ["\nNumbers of one run, the other kind minus the published one:\n", table(apart(numbers))]
    return said


def side_by_side(verdicts: pd.DataFrame) -> pd.DataFrame:
    """With each interval behind its estimate."""
    shown = verdicts.copy()
    for side in ("", "other_"):
        numbers = verdicts[[f"{side}{name}" for name in ("estimate", "low", "high")]]
        shown[f"{side}estimate"] = [estimated(*row) for row in numbers.itertuples(index=False, name=None)]
    return shown.drop(columns=["low", "high", "other_low", "other_high", "same"])


def estimated(estimate: float | None, low: float | None, high: float | None) -> str:
    """`0.5 (0.2 to 0.8)`; a dash where there is none. With an interval, without the dust of a sum in floating point."""
    if estimate is None or pd.isna(estimate):
        return number(None)
    if low is None or high is None or pd.isna(low):
        return number(estimate)
    mean, least, most = (number(round(value, 9) + 0.0) for value in (estimate, low, high))
    return f"{mean} ({least} to {most})"


def difference(row: Mapping[Hashable, Any]) -> str:
    """Of two verdicts that differ, whether the numbers do."""
    sides = [[row[f"{side}{name}"] for name in ("estimate", "low", "high")] for side in ("", "other_")]
    here, there = (estimated(*side) for side in sides)
    meet = max(low for _, low, _ in sides) <= min(high for *_, high in sides)
    why = "the intervals meet, so it is the seeds' spread that decides" if meet else "the intervals do not meet"
    return f"{row['claim']}: {row['verdict']}, {here}, and {row['other_verdict']}, {there}; {why}."


def apart(numbers: pd.DataFrame) -> pd.DataFrame:
    """By quantity: how many runs, the mean difference, and the largest."""
    by = ["kind", "other_kind", "table", "quantity"]
    grouped = numbers.assign(largest=numbers["difference"].abs()).groupby(by)
    found = grouped.agg(runs=("key", "size"), mean=("difference", "mean"), largest=("largest", "max"))
    return found.reset_index()


def durations(minutes: pd.DataFrame) -> str:
    """What the same runs took on two kinds of processor; nothing where none are from two."""
    if minutes.empty:
        return ""
    titled = minutes.assign(chapter=minutes["chapter"].map(number_of).astype(str))
    return "\n".join([DURATIONS, table(titled.sort_values(["other_kind", "chapter"])), ORIGIN])


def table(rows: pd.DataFrame) -> str:
    heads = [HEADS.get(str(name), str(name).replace("_", " ")) for name in rows]
    lines = ["| " + " | ".join(map(cell, line)) + " |" for line in rows.itertuples(index=False, name=None)]
    return "\n".join(["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *lines])


def cell(value: object) -> str:
    return number(value) if isinstance(value, float) else plain(str(value))
