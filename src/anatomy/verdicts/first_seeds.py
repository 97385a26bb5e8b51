"""A study's tables as a claim sees them whose seeds were fixed beforehand: without the rows of any later seed."""

from collections.abc import Collection

import pandas as pd

from anatomy.made_when_read import MadeWhenRead
from anatomy.verdicts.claim import Tables

WHOLE = ("floor",)  # what accuracies are held against has a seed of its own, or none that changes it


def first_seeds(tables: Tables, seeds: Collection[int]) -> Tables:
    """The tables with the rows of these seeds."""
    present = set(tables["runs"]["seed"]) if "runs" in tables else None
    return tables if present is not None and present <= set(seeds) else OfSeeds(tables, seeds)


class OfSeeds(MadeWhenRead):
    """Tables of which the rows are chosen when a table is read: a claim reads few of them, some of them often."""

    def __init__(self, tables: Tables, seeds: Collection[int]) -> None:
        self.tables, self.seeds = tables, seeds
        super().__init__(tables, self._chosen)

    def _chosen(self, name: str) -> pd.DataFrame:
        table = self.tables[name]
        return table if name in WHOLE else table[table["seed"].isin(self.seeds)]
