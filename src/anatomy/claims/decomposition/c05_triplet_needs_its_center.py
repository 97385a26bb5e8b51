"""decomposition-5: of a triplet's extra gradient, the center is needed and enough."""

from anatomy.arms.vector_decomposition import collapses, kept, lead, learned
from anatomy.verdicts import Claim, Difference, Part, Sample, Tables


def center_minus_both(tables: Tables) -> Sample | None:
    if "knn" not in tables or not (tables["knn"]["method"] == "triplet").any():
        return None
    arms = ({"method": "triplet", "component": component} for component in ("center", "both"))
    return lead(tables, *arms)


CLAIM = Claim(
    module=__name__,
    statement="A triplet without predictor needs only the center o_e of its extra gradient not to collapse; with the "
    "residual r_e alone it collapses, and beside o_e the residual costs accuracy.",
    attribution="paper",
    source="Table 3 of Zhang et al. 2022, arXiv:2203.16262: o_e alone std 0.02005, m_o 0.026, top-1 47.41 %; both "
    "36.21 %; r_e alone std 0, m_o 1, 1 %.",
    quantity="Standard deviation x sqrt(D) and m_o of Z, triplet with o_e alone and with r_e alone; where accuracy "
    "was measured (overnight and larger), kNN accuracy in points, o_e alone minus both.",
    parts={
        "o_e alone is kept": kept(method="triplet", component="center"),
        "r_e alone collapses": collapses(method="triplet", component="residual"),
        "o_e alone is better than both": Part(
            Difference(5.6),
            center_minus_both,
            mechanism=learned("the triplet with both parts", method="triplet", component="both"),
        ),
    },
    margins="half the paper's 11.2",
    notes="Where no accuracy was measured, the thresholds decide alone.",
    min_preset="laptop",
)
