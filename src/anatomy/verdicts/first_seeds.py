"""A study's tables as a claim sees them whose seeds were fixed beforehand: without the rows of any later seed."""

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from anatomy.verdicts.claim import Tables

WHOLE = ("floor",)  # what accuracies are held against has a seed of its own, or none that changes it


def first_seeds(tables: Tables, seeds: Collection[int]) -> Tables:
    """The tables with the rows of these seeds."""
    present = set(tables["runs"]["seed"]) if "runs" in tables else None
    return tables if present is not None and present <= set(seeds) else OfSeeds(tables, seeds)


class OfSeeds(Mapping[str, pd.DataFrame]):
    """Tables of which the rows are chosen when a table is read: a claim reads few of them, some of them often."""

    def __init__(self, tables: Tables, seeds: Collection[int]) -> None:
        self.tables, self.seeds, self.read = tables, seeds, dict[str, pd.DataFrame]()

    def __getitem__(self, name: str) -> pd.DataFrame:
        table = self.tables[name]
        if name in WHOLE:
            return table
        if name not in self.read:
            self.read[name] = table[table["seed"].isin(self.seeds)]
        return self.read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)
