"""The findings on the cover, chosen by a rule and not by hand.

Of the claims of papers and of authors' code that were decided, those whose estimate lies farthest from the margin of
the rule that decided, measured in half widths of its 95 % interval. A spread's limits have no interval, and
demonstrations cannot fail: neither is chosen.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from anatomy.verdicts import Claim, Difference, Equivalence, Shape, Verdict
from anatomy.verdicts.criteria import Criterion
from anatomy.verdicts.ledger import Judged, Row
from wording import DECIDED, deciding, largest


@dataclass(frozen=True)
class Finding:
    """A claim, the verdict of the largest preset that was run, and how far it lies from its margin."""

    claim: Claim
    judged: Judged
    distance: float  # half widths of the interval


def findings(rows: Iterable[Row]) -> list[Finding]:
    """All that the rule is asked of, the farthest first."""
    judged = ((row.claim, largest(row.verdicts)) for row in rows if row.claim.attribution in {"paper", "code"})
    found = [
        Finding(claim, one, away)
        for claim, one in judged
        if one is not None and (away := distance(claim, one.verdict)) is not None
    ]
    return sorted(found, key=lambda finding: -finding.distance)


def distance(claim: Claim, verdict: Verdict) -> float | None:
    """|estimate - margin| over half the width of the interval, of the part that decided; None where the rule is not
    asked."""
    margins = margins_of(deciding(claim, verdict)[1].criterion)
    if claim.demonstration or verdict.word not in DECIDED or not margins:
        return None
    if verdict.estimate is None or verdict.low is None or verdict.high is None or verdict.low == verdict.high:
        return None
    return min(abs(verdict.estimate - margin) for margin in margins) / ((verdict.high - verdict.low) / 2)


def margins_of(criterion: Criterion) -> list[float]:
    """Both of an equivalence; of what is not judged by an interval none."""
    match criterion:
        case Difference() | Shape():
            return [criterion.margin]
        case Equivalence():
            return [-criterion.margin] if criterion.one_sided else [-criterion.margin, criterion.margin]
    return []
