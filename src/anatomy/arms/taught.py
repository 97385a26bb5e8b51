"""Arms of chapter six that learn without labels: DeACL's students and their teachers, and networks attacked by way of
another."""

import pandas as pd

from anatomy.arms.robustness import withstands
from anatomy.arms.select import select
from anatomy.settings import Settings
from anatomy.verdicts.claim import Mechanism, NotRun, Tables

# Options of a student where a claim does not name them.
STUDENT: Settings = {"method": "deacl", "gamma": 2.0, "views": "whole"}


def probed(
    tables: Tables, teacher: str, of: str = "own", column: str = "attacked", /, **settings: object
) -> pd.DataFrame:
    """The students of a method's encoders: rows, one a run, with the accuracy of a linear probe in percent on their
    features (own) or on their teacher's (other), attacked or clean."""
    rows = tables["probe_under_attack"]
    rows = rows[(rows["readout"] == "linear probe") & (rows["of"] == of)]
    rows = select(rows, STUDENT, **{"method": "deacl"} | settings)
    rows = rows[rows["teacher"].isin(runs(tables, method=teacher)["key"])]
    return rows.assign(accuracy=rows[column])


def transferred(tables: Tables, objective: str, steps: int) -> pd.DataFrame:
    """After so many steps on another network's loss: rows, one a run, with rank, top_1, top_3, top_5 in the network
    that was trained without attacks."""
    rows = tables["transferred_ranks"]
    rows = rows[(rows["objective"] == objective) & (rows["steps"] == steps) & (rows["on"] == "target")]
    return rows[rows["target"].isin(runs(tables, method="supervised")["key"])]


METHODS = {"simco": "SimCo", "simsiam": "SimSiam", "mocov2": "MoCo v2"}


def students(tables: Tables) -> dict[str, dict[str, pd.DataFrame]]:
    """For the page: by what is measured, each teacher that was run and its student, by name."""
    here = [name for name in METHODS if (tables["runs"]["method"] == name).any()]
    sides = {"other": "{}, the teacher", "own": "{}, its student"}
    return {
        said: {words.format(METHODS[n]): probed(tables, n, of, column) for n in here for of, words in sides.items()}
        for said, column in (("under PGD", "attacked"), ("without an attack", "clean"))
    }


def runs(tables: Tables, **settings: object) -> pd.DataFrame:
    """A row a run of some method. NotRun where there is none."""
    found = select(tables["runs"], {}, **settings)
    if found.empty:
        raise NotRun(f"no run of {settings}")
    return found


def withstands_probed(what: str, teacher: str, **settings: object) -> Mechanism:
    """That a student has learned to withstand attacks at all: twice what guessing among ten classes gives."""
    return withstands(what, lambda tables: probed(tables, teacher, **settings))


def used_by(tables: Tables, rows: pd.DataFrame, option: str) -> pd.DataFrame:
    """The runs whose weights these used."""
    found = tables["runs"]
    return found[found["key"].isin(rows[option])]
