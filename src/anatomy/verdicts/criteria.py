"""What decides a claim: one function from numbers to one of four words for each kind of claim.

A kind holds the constants of its rule; `judge` sees one number a seed (a paired difference, a
contrast, an error) and knows nothing of tables. Why intervals and no bare p: an insignificant
difference never shows that two things are equal. Why no bootstrap: over 3 seeds it covers 74 %.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from anatomy.verdicts.student_t import Mean, mean, seeds_needed
from anatomy.verdicts.verdict import Verdict, Word

# Part of the digest of every claim that is judged by it: raise it when a criterion would judge some numbers otherwise
# than before. 2: less than a tenth of the claimed effect is no longer "holds, smaller than claimed".
VERSIONS = {"Exact": 1, "Difference": 2, "Shape": 2, "Equivalence": 1, "Threshold": 1}

SMALLER = "smaller than claimed"
NEGLIGIBLE = "less than a tenth of the claimed effect"
TENTH = 0.2  # of a margin, which is half of the claimed effect
NO_SPREAD = "all seeds gave the same number"  # as when a run is compared with itself


@dataclass(frozen=True)
class Exact:
    """An identity: the largest relative error, in float64, is under `tolerance`. No seeds."""

    tolerance: float

    def judge(self, values: ArrayLike) -> Verdict:
        errors = np.abs(_numbers(values, axes=1))
        if errors.size == 0 or np.isnan(errors).any():
            return _unfit(errors)
        word: Word = "holds" if errors.max() < self.tolerance else "does not hold"
        return Verdict(word, float(errors.max()), n=errors.size)


@dataclass(frozen=True)
class Difference:
    """A is better than B, paired by seed. `margin`: half the paper's own effect, or 0.5 points."""

    margin: float = 0.5

    def __post_init__(self) -> None:
        _require_positive(self.margin)

    def judge(self, values: ArrayLike) -> Verdict:
        """`values`: A minus B, one a seed, in the unit of the margin."""
        return _above_zero(_numbers(values, axes=1), self.margin)


@dataclass(frozen=True)
class Shape:
    """Monotone, a hump, an inner best: a contrast named beforehand, judged as a Difference."""

    margin: float

    def __post_init__(self) -> None:
        _require_positive(self.margin)

    def judge(self, values: ArrayLike) -> Verdict:
        """`values`: the contrast, one a seed, positive where it is as claimed."""
        return _above_zero(_numbers(values, axes=1), self.margin)


@dataclass(frozen=True)
class Equivalence:
    """Insensitive, not needed, as good as, flat: the whole interval lies within +-`margin`.

    `one_sided`: not inferior, for "at least as good": the whole interval lies above -`margin`.
    """

    margin: float = 1.0
    one_sided: bool = False

    def __post_init__(self) -> None:
        _require_positive(self.margin)

    def judge(self, values: ArrayLike) -> Verdict:
        """`values`: the difference, one a seed, in the unit of the margin."""
        values, m = _numbers(values, axes=1), self.margin
        if _too_few(values):
            return _unfit(values)
        seen = mean(values)
        if self.one_sided:
            return _not_inferior(seen, m)
        # The edge of the band that is nearer to the estimate is the one that decides, both ways.
        p = seen.p(m if seen.estimate > 0 else -m)
        if -m < seen.low and seen.high < m:
            return _found("holds", seen, p)
        if seen.low > m or seen.high < -m:
            return _found("does not hold", seen, p)
        return _undecided(seen, p, distance=abs(m - abs(seen.estimate)))


@dataclass(frozen=True)
class Threshold:
    """Collapse, or none, in every seed. The constants lie far from both states on purpose.

    A kept network may have nearly all of its spread along one direction: its note says so below `rank_above`.
    Only rows measured in evaluation mode, on 1,000 clean unseen images or more and after 200
    steps or more, may be given: on P where the predictor stands on both branches, else on Z.
    """

    collapsed: bool  # what is claimed
    spread_below: float = 0.3
    center_above: float = 0.9
    spread_above: float = 0.6
    rank_above: float = 2.0

    def judge(self, values: ArrayLike) -> Verdict:
        """`values` [n, 2]: std x sqrt(D) and m_o, one row a seed; or [n, 3]: the effective rank too."""
        values = _numbers(values, axes=2)
        if _too_few(values[:, :2]):
            return _unfit(values[:, :2])
        spread, center, rank = values[:, 0], values[:, 1], values[:, 2:]
        gone = (spread < self.spread_below) & (center > self.center_above)
        kept = spread > self.spread_above
        as_claimed, opposite = (gone, kept) if self.collapsed else (kept, gone)
        word: Word = "undecided"
        if as_claimed.all() or opposite.all():
            word = "holds" if as_claimed.all() else "does not hold"
        low, high = float(spread.min()), float(spread.max())
        note = f"{gone.sum()} collapsed, {kept.sum()} not, of {len(spread)} seeds; "
        note += f"m_o {center.min():.2f} to {center.max():.2f}"
        if rank.size and np.isfinite(rank).all():
            note += f", effective rank {rank.min():.1f} to {rank.max():.1f}"
            note += ", not wholly collapsed" * bool(kept.all() and rank.min() < self.rank_above)
        return Verdict(word, float(spread.mean()), low, high, len(spread), note=note)


Criterion = Exact | Difference | Equivalence | Shape | Threshold


def _above_zero(values: np.ndarray, margin: float) -> Verdict:
    """Rule 3. One of its two nulls at most is true, so no correction between them is due."""
    if _too_few(values):
        return _unfit(values)
    seen = mean(values)
    above, small = seen.low > 0, seen.high < margin
    if above and not (small and seen.estimate < TENTH * margin):
        return _found("holds", seen, seen.p(0.0), SMALLER if small else "")
    if small:
        return _found("does not hold", seen, seen.p(margin), NEGLIGIBLE if above else "")
    return _undecided(seen, seen.p(0.0), distance=max(seen.estimate, margin - seen.estimate))


def _not_inferior(seen: Mean, margin: float) -> Verdict:
    """Worse for certain, but by less than the margin, is still as good as: smaller than claimed."""
    p = seen.p(-margin)
    if seen.low > -margin:
        return _found("holds", seen, p, SMALLER if seen.high < 0 else "")
    if seen.high < -margin:
        return _found("does not hold", seen, p)
    return _undecided(seen, p, distance=abs(seen.estimate + margin))


def _found(word: Word, seen: Mean, p: float, note: str = "") -> Verdict:
    note = "; ".join(filter(None, [note, NO_SPREAD if seen.sd == 0 else ""]))
    return Verdict(word, seen.estimate, seen.low, seen.high, seen.n, p=p, note=note)


def _undecided(seen: Mean, p: float, distance: float) -> Verdict:
    return replace(_found("undecided", seen, p), needed=seeds_needed(seen.sd, distance))


def _numbers(values: ArrayLike, axes: int) -> np.ndarray:
    numbers = np.asarray(values, dtype=float)
    if numbers.ndim != axes:
        raise ValueError(f"{axes} axes expected (the first over seeds), got {numbers.ndim}")
    return numbers


def _too_few(values: np.ndarray) -> bool:
    return len(values) < 2 or not np.isfinite(values).all()


def _unfit(values: np.ndarray) -> Verdict:
    bad = int((~np.isfinite(values)).sum())
    few = "no value" if len(values) == 0 else "one seed alone has no spread to judge by"
    note = f"{bad} of {values.size} values not a finite number" if bad else few
    return Verdict("undecided", n=len(values), note=note)


def _require_positive(margin: float) -> None:
    if not margin > 0:
        raise ValueError(f"a margin is above 0, got {margin}")
