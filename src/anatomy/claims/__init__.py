"""The ledger of claims: one small file a claim, found by its name; `anatomy claims` prints it.

A verdict belongs to one preset, one data set and one network, and never travels.
"""

from anatomy.claims.claim import Claim, Tables, judge
from anatomy.claims.digests import digest, rule_age
from anatomy.claims.index import all_claims, ids, load, rules
from anatomy.claims.law import (
    Difference,
    Equivalence,
    Exact,
    Shape,
    Threshold,
    Verdict,
    holm,
)
from anatomy.claims.ledger import Judged, Row, Study, as_json, ledger
from anatomy.claims.text import as_frame, as_text

__all__ = [
    "Claim",
    "Difference",
    "Equivalence",
    "Exact",
    "Judged",
    "Row",
    "Shape",
    "Study",
    "Tables",
    "Threshold",
    "Verdict",
    "all_claims",
    "as_frame",
    "as_json",
    "as_text",
    "digest",
    "holm",
    "ids",
    "judge",
    "ledger",
    "load",
    "rule_age",
    "rules",
]
