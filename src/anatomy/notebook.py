"""What a notebook calls: its study, with parameters checked and missing runs trained, and code for it to show."""

from typing import Any

import pandas as pd

from anatomy.errors import InputError, nearest
from anatomy.pages.shown_source import source as source
from anatomy.settings import Settings
from anatomy.study.parameters import COMMON, grid_options
from anatomy.study.study import Study

IPYTHON = {"In", "Out", "exit", "quit", "get_ipython", "open"}
TRAINS = "_trains"  # a name of the notebook: False where it is drawn again, with the runs that there are
PLAIN = (str, int, float, bool, list, tuple, dict, type(None))


def open_study(chapter: str, namespace: dict[str, Any]) -> Study:  # globals()
    """The study that a notebook's parameters ask for, trained unless the name TRAINS says otherwise.

    `namespace` is the notebook's `globals()`: papermill only warns of a parameter that nobody knows, so each name there
    is held against the known ones. Raises InputError (nothing is written) or RunFailed (what is finished stays).
    """
    known = {*COMMON, *grid_options(chapter)}
    given: Settings = {
        name: value
        for name, value in namespace.items()
        if name[0] != "_" and name not in IPYTHON and isinstance(value, PLAIN)
    }
    # Where a reader runs the cell again, what later cells made of the study is no parameter.
    first = namespace.setdefault("_parameters", frozenset(given))
    given = {name: value for name, value in given.items() if name in known | first}
    for name in given:
        if name not in known:
            raise InputError(f"unknown parameter {name!r}; {nearest(name, known)}")
    pd.set_option("display.max_colwidth", None)  # a verdict's note is a sentence
    study = Study(chapter, **given)
    if namespace.get(TRAINS, True):
        study.train()
    return study
