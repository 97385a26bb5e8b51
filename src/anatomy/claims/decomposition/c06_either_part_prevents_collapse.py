"""decomposition-6: of SimSiam's extra gradient either part prevents collapse, and the residual carries the quality."""

from anatomy.arms.vector_decomposition import better, lead, learned, spread_and_center
from anatomy.verdicts import Claim, Equivalence, Part, Sample, Tables, Threshold

BOTH, CENTER, RESIDUAL = ({"method": "simsiam", "component": part} for part in ("both", "center", "residual"))
# Of P, which spreads less than Z in a network that is kept. Pilot at the preset laptop, seeds 2000 to 2002: SimSiam's P
# has 0.47, 0.52 and 0.53, the naive network (its Z, since it has no P) 0.03 to 0.05. Kept above half of SimSiam's,
# collapsed below a quarter of it.
KEPT = Threshold(collapsed=False, spread_below=0.13, spread_above=0.25)


FLOOR = learned("SimSiam", **BOTH)


def residual_minus_both(tables: Tables) -> Sample:
    return lead(tables, RESIDUAL, BOTH)


CLAIM = Claim(
    module=__name__,
    statement="SimSiam does not collapse with the center o_e of its extra gradient alone, nor with the residual r_e "
    "alone; r_e alone is as good as both, and better than o_e alone.",
    attribution="paper",
    source="Table 4 of Zhang et al. 2022, arXiv:2203.16262: both 66.62, r_e alone 66.15, o_e alone 48.08, none 1 %. "
    "How the two are made (-P_a . sg(P_b + o_e), -P_a . sg(P_b + r_e)) is inferred from their equations.",
    quantity="kNN accuracy in points, r_e alone minus both and minus o_e alone; standard deviation x sqrt(D) and m_o "
    "of P, since with one part alone the predictor stands on both branches.",
    parts={
        "r_e alone is as good as both": Part(Equivalence(1.0), residual_minus_both, mechanism=FLOOR),
        "r_e alone is better than o_e alone": better(9.0, RESIDUAL, CENTER, FLOOR),
        "o_e alone is kept": Part(KEPT, spread_and_center("p", **CENTER)),
        "r_e alone is kept": Part(KEPT, spread_and_center("p", **RESIDUAL)),
    },
    notes="The limits of P are from a pilot of SimSiam and the naive network: half and a quarter of SimSiam's spread.",
    margins="one point; half of the paper's 18.1",
    min_preset="overnight",
)
