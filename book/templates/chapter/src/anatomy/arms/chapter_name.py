"""Arms of the chapter chapter_name: SimCo at one temperature, and what is read of its runs."""

import pandas as pd

from anatomy.arms.dictionary_size import PAPER, epochs, of_stage
from anatomy.arms.floor import above_pixels
from anatomy.arms.select import contrast, select
from anatomy.verdicts import Sample, Tables


def accuracies(tables: Tables, **settings: object) -> pd.DataFrame:
    """kNN accuracy of SimCo with InfoNCE: rows, one a run of the base length, with these settings."""
    table = of_stage(tables["knn"], PAPER).drop_duplicates("key")
    return select(table, {"epochs": epochs(tables)}, method="simco", loss="info_nce", **settings)


def gain(tables: Tables, temperature: float, over: float) -> Sample:
    """Accuracy in points at one temperature minus at another, paired by seed."""
    return contrast((1, accuracies(tables, temperature=temperature)), (-1, accuracies(tables, temperature=over)))


LEARNED = above_pixels("SimCo at a temperature of 0.1", lambda tables: accuracies(tables, temperature=0.1))
