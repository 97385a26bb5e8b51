"""How an effect moves with training: one word over rungs of training, by a rule named before any rung was run.

The effect at a rung is the first part of a claim, drawn from the runs of that rung alone, one number a seed. b is the
effect at the bottom rung, t at the top one, both of the same seeds; t - b and t + b are paired by seed, and each has
its 95 % Student t interval. The rungs between are drawn and decide nothing. In this order:

- not run: the longest rung lacks runs, another has one seed, or bottom and top have fewer than two in common. A shorter
  rung of which nothing was run, or nothing long enough to be judged, is left out, and the next one is the bottom.
- flat: the interval of t - b lies within the margin of the claim (of a Threshold: the band between its two limits).
- undecided: the interval of t - b holds 0. Never a trend by an insignificant difference, and never flat by one.
- changes sign: the intervals of b and of t lie on opposite sides of 0.
- grows, shrinks: of |effect|, since |t| > |b| is the same as (t - b)(t + b) > 0: the interval of t + b lies beyond 0 on
  the side of t - b, or on the other side. Where it holds 0: undecided.

Each word of a trend needs an interval of t - b without 0, so of effects that stay the same at most 5 % are called a
trend. What stays the same is called flat in 80 % of the cases where sd x 1.24 (n = 5) is well below the margin; an
effect that trebles is found in over 80 % where it grows by 2 sd of the paired difference (n = 5).
tests/verdicts/test_trend.py simulates both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from anatomy.verdicts.criteria import Criterion, Difference, Equivalence, Shape, Threshold
from anatomy.verdicts.student_t import Mean, mean

Word = Literal["grows", "shrinks", "changes sign", "flat", "undecided", "not run"]
Effects = Mapping[int, float]  # of a rung, by seed


@dataclass(frozen=True)
class Rung:
    """A length of training, the effect there and the runs behind it; `seen` is None below two seeds, which have no
    interval."""

    epochs: int
    effects: Effects
    keys: Mapping[int, frozenset[str]] = field(default_factory=dict)  # by seed

    @property
    def seen(self) -> Mean | None:
        values = np.array(list(self.effects.values()))
        return mean(values) if len(values) > 1 and np.isfinite(values).all() else None


@dataclass(frozen=True)
class Beside:
    """Another part of the claim at the same rungs: shown, and given no word."""

    part: str
    unit: str
    rungs: tuple[Rung, ...]


@dataclass(frozen=True)
class Trend:
    """A word over the rungs of a claim's first part, in the order of their lengths; `note` says what is lacking."""

    word: Word
    rungs: tuple[Rung, ...]
    unit: str = ""
    note: str = ""
    beside: tuple[Beside, ...] = ()

    def as_json(self) -> dict[str, object]:
        """{"word", "unit", "note", "rungs": [{"epochs", "n", "estimate", "low", "high"}]}"""
        rungs = [{"epochs": rung.epochs, "n": len(rung.effects), **_interval(rung.seen)} for rung in self.rungs]
        return {"word": self.word, "unit": self.unit, "note": self.note, "rungs": rungs}


def margin_of(criterion: Criterion) -> float:
    """Within which two effects are as good as equal. ValueError for an identity, which has no effect."""
    match criterion:
        case Difference() | Shape() | Equivalence():
            return criterion.margin
        case Threshold():
            return criterion.spread_above - criterion.spread_below
    raise ValueError("an identity has no effect that could move")


def trend(rungs: Sequence[Rung], margin: float, unit: str = "") -> Trend:
    """The word over two rungs or more, by the rule above."""
    *shorter, top = sorted(rungs, key=lambda rung: rung.epochs)
    climbed = (*(rung for rung in shorter if rung.effects), top)
    if lacking := [str(rung.epochs) for rung in climbed if rung.seen is None]:
        return Trend("not run", climbed, unit, f"fewer than two seeds at a rung of {', '.join(lacking)} epochs")
    bottom = climbed[0]
    seeds = sorted(bottom.effects.keys() & top.effects.keys())
    if len(climbed) < 2 or len(seeds) < 2:
        return Trend("not run", climbed, unit, "fewer than two seeds that bottom and top have in common")
    b, t = (np.array([rung.effects[seed] for seed in seeds]) for rung in (bottom, top))
    return Trend(_word(b, t, margin), climbed, unit)


def _interval(seen: Mean | None) -> dict[str, float | None]:
    return {name: None if seen is None else getattr(seen, name) for name in ("estimate", "low", "high")}


def _word(b: np.ndarray, t: np.ndarray, margin: float) -> Word:
    """Of the effects at bottom and top, of the same seeds [n]."""
    change = mean(t - b)
    if -margin < change.low and change.high < margin:
        return "flat"
    if _side(mean(b)) * _side(mean(t)) < 0:  # then the interval of t - b does not hold 0 either
        return "changes sign"
    larger = _side(change) * _side(mean(t + b))
    return "grows" if larger > 0 else "shrinks" if larger < 0 else "undecided"


def _side(seen: Mean) -> int:
    """1 or -1 where the interval lies above or below 0; 0 where it holds it."""
    return int(seen.low > 0) - int(seen.high < 0)
