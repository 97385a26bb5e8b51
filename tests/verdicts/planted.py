"""Tables that make rules say all that they can say: the published ones, moved at random.

`Planted(tables, seed)` is what a claim reads in their place. A seed says by how much arms, their runs and the course of
training move, which arms are missing and which numbers are none; all of it follows from the seed alone, so a verdict on
planted tables is the same on every machine.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

Tables = Mapping[str, pd.DataFrame]
# Columns that say what a row is of. `stage` and `seed` tell no arm from another, and `key` is the run's.
GRID = {"step", "epoch", "temperature", "negatives", "whitened", "at", "kind", "identity", "share", "distance",
        "real", "readout"}  # fmt: skip
# Runs that no published study has, made of those that it has: claim, then column, then what stands for what.
INSTEAD: dict[str, dict[str, dict[Any, Any]]] = {
    "dictionary-11": {"skip_from": {0.0: 1.0}},
    "normalization-7": {"dataset": {"cifar10": "svhn"}, "learning_rate": {1e-3: 5e-4}, "norm": {"batch": "group_plus"}},
}
# Options that came after the tables were planted, and have one value in all runs that have them: they tell no arm.
LATER = {"skip_from", "random_start", "one_view", "oracle"}
NO_ARM = {"key", "stage", "made_on", "seed", "step", "epoch", "seconds"}


@dataclass(frozen=True)
class Move:
    """How far a seed moves what. Sizes are in deviations of a column, or of its logarithm where it is multiplied."""

    all: float
    arm: float
    run: float
    course: float  # by the end of training
    multiplied: bool
    missing: float  # share of the arms
    nameless: float  # share of the arms whose numbers are NaN
    absent: float  # share of the tables

    @classmethod
    def of(cls, seed: int) -> "Move":
        chance = np.random.default_rng(seed)
        return cls(
            all=chance.choice([0, 0, 0, 2, 20]),
            arm=chance.choice([0, 0.03, 0.3, 1, 3, 12]),
            run=chance.choice([0, 0.003, 0.03, 0.3]),
            course=chance.choice([0, 0, 0.3, 3]),
            multiplied=bool(chance.integers(2)),
            missing=chance.choice([0, 0, 0, 0.2, 0.6]),
            nameless=chance.choice([0, 0, 0, 0, 0, 0.2]),
            absent=chance.choice([0, 0, 0, 0, 0, 0.5]),
        )


class Planted(Mapping[str, pd.DataFrame]):
    """The tables of a study, each moved when it is asked for."""

    def __init__(self, tables: Tables, seed: int) -> None:
        self.tables, self.seed, self.moved = tables, seed, dict[str, pd.DataFrame]()

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name != "runs" and draw(name, "absent", self.seed).random() < Move.of(self.seed).absent:
            raise KeyError(name)
        if name not in self.moved:
            self.moved[name] = moved(layout(self.tables, name), self.tables[name], self.seed)
        return self.moved[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)


@dataclass(frozen=True)
class Labels:
    """A text for each arm (or run, or point of a grid), and which of them each row is of."""

    texts: list[str]
    of_rows: np.ndarray

    @classmethod
    def of(cls, table: pd.DataFrame, columns: list[str]) -> "Labels":
        """Of a setting that all rows share, so that a new one moves nothing, the texts say nothing."""
        telling = [column for column in sorted(columns) if table[column].nunique(dropna=False) > 1]
        if not telling:
            return cls(["all"], np.zeros(len(table), dtype=int))
        groups = table.groupby(telling, dropna=False, sort=False)
        names = groups.head(1)[telling].astype(object)
        texts = ["|".join(map(str, row)) for row in names.where(names.notna(), "").itertuples(index=False, name=None)]
        return cls(texts, groups.ngroup().to_numpy())

    def normal(self, count: int, word: str, seed: int) -> np.ndarray:
        """Standard normal numbers [rows, count], the same in all rows of a label."""
        drawn = np.array([draw(text, word, seed).standard_normal(count) for text in self.texts])
        return drawn.reshape(len(self.texts), count)[self.of_rows]

    def chance(self, word: str, seed: int) -> np.ndarray:
        """A number from 0 to 1 a row, the same in all rows of a label."""
        return np.array([draw(text, word, seed).random() for text in self.texts])[self.of_rows]


def draw(text: str, word: str, seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(f"{word} {text}".encode())])


@dataclass(frozen=True)
class Layout:
    """What in a table moves, and with what."""

    measured: list[str]
    course: np.ndarray  # [rows] from 0 to 1 over training; 0 where a table has no steps
    point: Labels  # an arm, at a point of the table's grid
    arm: Labels  # there in all tables or in none
    run: Labels


_layouts: dict[tuple[int, str], Layout] = {}


def layout(tables: Tables, name: str) -> Layout:
    """Of one table; kept, since it does not depend on the seed."""
    if (id(tables), name) not in _layouts:
        table, runs = tables[name], tables["runs"]
        # `loss` is a word of a run, and a number of a table.
        numbers = {c for c in table if c in runs and table[c].dtype.kind == "f" and runs[c].dtype == "str"}
        settings = set(runs) - GRID - numbers
        grid = GRID | ({"score"} if name == "score_histograms" else set())
        course = np.zeros(len(table)) if "step" not in table else (table["step"] / table["step"].max()).to_numpy()
        columns = [column for column in table if column not in NO_ARM | LATER]
        _layouts[id(tables), name] = Layout(
            [c for c in columns if c not in settings | grid and table[c].dtype.kind == "f"],
            course,
            Labels.of(table, [c for c in columns if c in settings | grid]),
            Labels.of(table, [c for c in columns if c in settings]),
            Labels.of(table, ["key"]),
        )
    return _layouts[id(tables), name]


def moved(of: Layout, table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The table with its measured numbers moved, and without the arms that are missing."""
    by, count = Move.of(seed), len(of.measured)
    size = by.arm * of.point.normal(count, "arm", seed) + by.run * of.run.normal(count, "run", seed)
    size += by.all * draw("", "all", seed).standard_normal(count)
    size += by.course * of.course[:, None] * of.arm.normal(count, "course", seed)
    old, spread = table[of.measured].to_numpy(), table[of.measured].std().fillna(0).to_numpy()
    new = old * np.exp(size) if by.multiplied else old + size * np.where(spread > 0, spread, 1)
    new[of.arm.chance("nameless", seed) < by.nameless] = np.nan
    found = table.assign(**dict(zip(of.measured, new.T, strict=True)))
    return found[of.arm.chance("missing", seed) >= by.missing]
