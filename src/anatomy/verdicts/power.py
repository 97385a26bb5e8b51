"""How many seeds a claim needs, chosen before its runs from the spread that a pilot showed.

A part claims an effect and denies it at zero, or for an equivalence the other way round. n is the least from 5 to 12
that finds each, where it is true, with a power of 80 %; where 12 are too few, the part is run with 12 and its power is
stated. tests/verdicts/test_power.py simulates the rules themselves: their error rates, and these powers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from scipy.special import nctdtr, stdtrit

from anatomy.verdicts.criteria import Criterion, Difference, Equivalence, Shape
from anatomy.verdicts.student_t import LEVEL

LEAST, MOST, POWER = 5, 12, 0.8
Judged = Difference | Shape | Equivalence  # the criteria that look at a spread


@dataclass(frozen=True)
class Design:
    """Seeds, and how often they find what is true: the claim, and its denial."""

    n: int
    holds: float
    fails: float

    @property
    def enough(self) -> bool:
        return min(self.holds, self.fails) >= POWER


def design(criterion: Criterion, sd: float) -> Design | None:
    """The seeds for one part, from the standard deviation of its numbers; None where chance does not decide it.

    A Threshold asks each seed, and an Exact none.
    """
    if not isinstance(criterion, Judged):
        return None
    designs = [_design(criterion, sd, n) for n in range(LEAST, MOST + 1)]
    return next((one for one in designs if one.enough), designs[-1])


def of_parts(designs: Iterable[Design | None]) -> Design | None:
    """A claim's: the seeds of the part that needs most, and the least power."""
    found = [one for one in designs if one is not None]
    if not found:
        return None
    return Design(max(d.n for d in found), min(d.holds for d in found), min(d.fails for d in found))


def effects(criterion: Judged) -> tuple[float, float]:
    """What is true where the claim is, and where it is not; a margin is half of the claimed effect."""
    twice = 2 * criterion.margin
    return (0.0, -twice) if isinstance(criterion, Equivalence) else (twice, 0.0)


def _design(criterion: Judged, sd: float, n: int) -> Design:
    near, far = (_clears(distance, sd, n) for distance in (criterion.margin, 2 * criterion.margin))
    if not isinstance(criterion, Equivalence):
        return Design(n, holds=far, fails=near)  # above 0 from twice the margin, and below the margin from 0
    # Within both edges: at least 1 minus twice the share beyond one. Beyond one, from as far outside of it: as within.
    return Design(n, holds=near if criterion.one_sided else max(0.0, 2 * near - 1), fails=near)


def _clears(distance: float, sd: float, n: int) -> float:
    """How often an interval clears an edge that lies so far from the truth: a t test's power (non-central t)."""
    return 1 - float(nctdtr(n - 1, distance * sqrt(n) / sd, stdtrit(n - 1, (1 + LEVEL) / 2)))
