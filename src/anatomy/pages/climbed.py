"""What the rungs of a ladder showed, as a page draws and says it."""

from collections.abc import Iterable, Iterator
from itertools import chain

import pandas as pd

from anatomy.verdicts import Claim, Difference, Shape
from anatomy.verdicts.ledger import Row
from anatomy.verdicts.trend import Trend

NOTHING = "No rung of the ladder is published yet."
POINTS = ["contrast", "unit", "epochs", "seed", "effect", "keys"]
MEANS = ["contrast", "unit", "epochs", "mean", "low", "high", "n", "keys"]
OWN_EFFECT = ("half the", "half of the paper's")  # how margins begin that are half of an effect that was seen


def trends(rows: Iterable[Row]) -> Iterator[tuple[Claim, Trend]]:
    """Of the claims that were climbed."""
    return ((row.claim, one.trend) for row in rows for one in row.verdicts if one.trend is not None)


def points(rows: Iterable[Row]) -> pd.DataFrame:
    """Each seed's effect at each rung: columns POINTS."""
    found = [
        (name(claim), trend.unit, rung.epochs, seed, effect, _listed(rung.keys.get(seed, ())))
        for claim, trend in trends(rows)
        for rung in trend.rungs
        for seed, effect in rung.effects.items()
    ]
    return pd.DataFrame(found, columns=POINTS)


def means(rows: Iterable[Row]) -> pd.DataFrame:
    """The mean and its 95 % interval, of the rungs with two seeds or more: columns MEANS."""
    found = [
        (name(claim), trend.unit, rung.epochs, seen.estimate, seen.low, seen.high, seen.n, _listed(*rung.keys.values()))
        for claim, trend in trends(rows)
        for rung in trend.rungs
        if (seen := rung.seen) is not None
    ]
    return pd.DataFrame(found, columns=MEANS)


def stated(rows: Iterable[Row]) -> dict[str, float]:
    """The effect that a paper or its code states, by contrast, where the claim's margin is half of it."""
    found = {}
    for claim, _ in trends(rows):
        criterion = next(iter(claim.parts.values())).criterion
        if claim.margins.startswith(OWN_EFFECT) and isinstance(criterion, Difference | Shape):
            found[name(claim)] = 2 * criterion.margin
    return found


def in_words(rows: Iterable[Row]) -> str:
    """One line a contrast: the word, and the effect at each rung. NOTHING where none was climbed."""
    return "\n".join(_line(claim, trend) for claim, trend in trends(rows)) or NOTHING


def name(claim: Claim) -> str:
    """`dictionary-7, common settings`: the claim, and the part that is its primary quantity."""
    return f"{claim.id}, {next(iter(claim.parts))}"


def _listed(*keys: Iterable[str]) -> str:
    """As a table of `anatomy.analysis.keys` names runs."""
    return " ".join(sorted({*chain.from_iterable(keys)}))


def _line(claim: Claim, trend: Trend) -> str:
    seen = [(rung.epochs, rung.seen) for rung in trend.rungs]
    effects = [f"{at}: {one.estimate:.3g} ({one.low:.3g} to {one.high:.3g})" for at, one in seen if one is not None]
    unit, note = (f" in {trend.unit}" if trend.unit else ""), (f" ({trend.note})" if trend.note else "")
    return f"{name(claim)}: {trend.word}{note}; effect{unit} by passes: {', '.join(effects)}."
