"""How a claim is judged: criteria, the verdict they give, the rule as text and as digest, and the ledger of all claims.

A verdict belongs to one preset, one data set and one network, and never travels.
"""

from anatomy.verdicts.claim import Claim, Draw, Mechanism, NotRun, Part, Sample, Tables, judge
from anatomy.verdicts.criteria import Difference, Equivalence, Exact, Shape, Threshold
from anatomy.verdicts.verdict import Verdict

__all__ = [
    "Claim",
    "Difference",
    "Draw",
    "Equivalence",
    "Exact",
    "Mechanism",
    "NotRun",
    "Part",
    "Sample",
    "Shape",
    "Tables",
    "Threshold",
    "Verdict",
    "judge",
]
