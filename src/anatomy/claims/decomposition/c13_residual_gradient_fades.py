"""decomposition-13: at a high temperature InfoNCE's residual gradient fades, and its center stays."""

import numpy as np

from anatomy.arms.vector_decomposition import gradient_parts
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables

FROM, TO = 0.4, 1.0


def slope_plus_one(tables: Tables) -> Sample:
    lengths, rows = gradient_parts(tables, "residual_length")
    slope = np.log(lengths[TO] / lengths[FROM]) / np.log(TO / FROM)
    return Sample.of(slope.to_numpy() + 1, rows)


CLAIM = Claim(
    module=__name__,
    statement="At high temperatures the residual part of InfoNCE's gradient is proportional to 1 / T while its center "
    "does not depend on T: the gradient becomes mostly de-centering.",
    attribution="ours",
    source="Derived here from the equations of Zhang et al. 2022, arXiv:2203.16262: to first order r_e = -(1 / T) C "
    "Z. That o_e = -o_z at every temperature is algebra and needs no run.",
    quantity="Slope of log mean |r_e| over log T between T = 0.4 and T = 1, plus 1, on unseen images, network trained "
    "by InfoNCE at 0.1.",
    parts={"slope": Part(Equivalence(0.1), slope_plus_one, unit="")},
    margins="a tenth",
    min_preset="laptop",
)
