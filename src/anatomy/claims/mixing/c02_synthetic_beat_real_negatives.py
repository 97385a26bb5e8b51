"""mixing-2: some synthetic negatives are harder than every real one."""

import pandas as pd

from anatomy.arms.score_visualization import accuracies
from anatomy.arms.select import recorded
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables

OF_TWO, WITH_QUERY = 1, 2  # the recorder's kinds of synthetic negatives


def harder(tables: Tables, kind: int) -> pd.Series:
    table = tables["synthetic"]
    return 100 * recorded(table[table["kind"] == kind], accuracies(tables, "mochi"), "harder", share=0.1)


def of_two_negatives(tables: Tables) -> Sample:
    return Sample.of(harder(tables, OF_TWO).to_numpy(), accuracies(tables, "mochi"))


def with_query_minus(tables: Tables) -> Sample:
    more = (harder(tables, WITH_QUERY) - harder(tables, OF_TWO)).dropna()
    return Sample.of(more.to_numpy(), accuracies(tables, "mochi"))


CLAIM = Claim(
    module=__name__,
    statement="Some of the synthetic negatives are harder than the hardest key of the whole queue, and more of those "
    "mixed with the query than of those mixed from two keys.",
    attribution="ours",
    source="Derived here: of unit length, a mixture lies nearer to the query than the mean of its two keys does. The "
    "shares in Kalantidis et al. 2020, arXiv:2010.01028, were not seen.",
    quantity="Share of synthetic negatives, in points, whose score is above the hardest key's, over the last tenth of "
    "the steps: of those mixed from two keys; and of those mixed with the query, minus the former.",
    parts={
        "of two negatives": Part(Difference(0.5), of_two_negatives),
        "more of those with the query": Part(Difference(0.5), with_query_minus, demonstration=True),
    },
    min_preset="laptop",
)
