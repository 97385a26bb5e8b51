"""Student's t for a handful of seeds: the interval of a mean, its p, and the n that would decide.

Only `scipy.special` is imported: `scipy.stats` takes seconds, and every run reads the ledger once.
"""

from bisect import bisect_left
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

LEVEL = 0.95  # two-sided
MOST_SEEDS = 10_000  # beyond this, "no number of seeds decides it"


def half_width(sd: float, n: int) -> float:
    """Half of the two-sided interval of a mean of n values: 2.48 sd for n = 3, 1.24 sd for 5."""
    return float(stdtrit(n - 1, (1 + LEVEL) / 2)) * sd / sqrt(n)


def seeds_needed(sd: float, distance: float) -> int | None:
    """The smallest n whose half width is under `distance`; None where 10,000 are too few."""
    # The half width falls with n, so "narrow enough" is sorted: False, ..., False, True, ...
    counts = range(2, MOST_SEEDS + 1)
    at = bisect_left(counts, True, key=lambda n: half_width(sd, n) < distance)
    return counts[at] if at < len(counts) else None


@dataclass(frozen=True)
class Mean:
    """The mean of n values with its Student t interval; sd is that of one value (n - 1 below)."""

    estimate: float
    sd: float
    n: int

    @property
    def low(self) -> float:
        return self.estimate - half_width(self.sd, self.n)

    @property
    def high(self) -> float:
        return self.estimate + half_width(self.sd, self.n)

    def p(self, null: float) -> float:
        """Two-sided p of "the mean is `null`"."""
        if self.sd == 0:
            return 1.0 if self.estimate == null else 0.0
        t = abs(self.estimate - null) / (self.sd / sqrt(self.n))
        return float(2 * stdtr(self.n - 1, -t))


def mean(values: np.ndarray) -> Mean:
    """Of finite values, two or more. Equal values have no spread at all, whatever rounding says."""
    if np.ptp(values) == 0:
        return Mean(float(values[0]), 0.0, len(values))
    return Mean(float(np.mean(values)), float(np.std(values, ddof=1)), len(values))
