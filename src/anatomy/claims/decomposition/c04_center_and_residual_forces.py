"""decomposition-4: a loss that knows only the center raises m_o, one that knows only residuals raises m_r."""

import pandas as pd

from anatomy.arms.vector_decomposition import at_ends, in_batch
from anatomy.verdicts import Claim, NotRun, Part, Sample, Shape, Tables


def gain(tables: Tables, column: str) -> Sample:
    """What phases of one part end with, less what phases of the other do, of the part's own column."""
    switching = in_batch(tables, method="phases", final_norm=False)
    switching = switching[switching["phases"].str.startswith("center")]
    ends = at_ends(switching)
    if set(ends["objective"]) != {"center", "residual"}:
        raise NotRun
    mean: pd.Series = ends.groupby(["objective", "seed"])[column].mean()
    other = "residual" if column == "center" else "center"
    return Sample.of((mean.loc[column].sort_index() - mean.loc[other].sort_index()).to_numpy(), switching)


def of_center(tables: Tables) -> Sample:
    return gain(tables, "center")


def of_residual(tables: Tables) -> Sample:
    return gain(tables, "residual")


CLAIM = Claim(
    module=__name__,
    statement="Trained by the center of the target alone, a network raises m_o and loses m_r; trained by its "
    "residuals alone, the other way round, again and again.",
    attribution="paper",
    source="Figure 4 of Zhang et al. 2022, arXiv:2203.16262, read off the curves: phases of about 390 steps drive m_o "
    "to about 1 and m_r to 0 to 0.2, and back.",
    quantity="m_o at the end of whole center phases minus at the end of whole residual phases, and m_r the other way "
    "round, in the training batch, mean over the phases of a run; projector without a final BatchNorm, as in the "
    "co-author's code.",
    parts={"m_o": Part(Shape(0.5), of_center, unit=""), "m_r": Part(Shape(0.5), of_residual, unit="")},
    margins="half of the paper's swing of about 1",
    notes="The projector with its final BatchNorm is beside it on the page and not judged.",
    min_preset="laptop",
)
