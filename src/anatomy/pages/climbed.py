"""What the rungs of a ladder showed, as a page draws and says it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

import pandas as pd

from anatomy.verdicts import Claim, Difference, Shape
from anatomy.verdicts.ledger import Row
from anatomy.verdicts.trend import Beside, Trend

NOTHING = "No rung of the ladder is published yet."
POINTS = ["contrast", "unit", "epochs", "seed", "effect", "keys"]
MEANS = ["contrast", "unit", "epochs", "mean", "low", "high", "n", "keys"]
OWN_EFFECT = ("half the", "half of the paper's")  # how margins begin that are half of an effect that was seen


def trends(rows: Iterable[Row]) -> Iterator[tuple[Claim, Trend]]:
    """Of the claims that were climbed."""
    return ((row.claim, one.trend) for row in rows for one in row.verdicts if one.trend is not None)


def contrasts(rows: Iterable[Row]) -> Iterator[Beside]:
    """Their parts: the first of each claim, which has the word, and the others that were climbed."""
    for claim, trend in trends(rows):
        yield Beside(name(claim), trend.unit, trend.rungs)
        for other in trend.beside:
            yield replace(other, part=f"{claim.id}, {other.part}")


def points(rows: Iterable[Row]) -> pd.DataFrame:
    """Each seed's effect at each rung: columns POINTS."""
    found = [
        (one.part, one.unit, rung.epochs, seed, effect, _listed(rung.keys.get(seed, ())))
        for one in contrasts(rows)
        for rung in one.rungs
        for seed, effect in rung.effects.items()
    ]
    return pd.DataFrame(found, columns=POINTS)


def means(rows: Iterable[Row]) -> pd.DataFrame:
    """The mean and its 95 % interval, of the rungs with two seeds or more: columns MEANS."""
    found = [
        (one.part, one.unit, rung.epochs, seen.estimate, seen.low, seen.high, seen.n, _listed(*rung.keys.values()))
        for one in contrasts(rows)
        for rung in one.rungs
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
    """One line a contrast: the word, where it has one, and the effect at each rung. NOTHING where none was climbed."""
    rows = list(rows)
    words = {name(claim): trend.word + (f" ({trend.note})" if trend.note else "") for claim, trend in trends(rows)}
    return "\n".join(_line(one, words.get(one.part, "")) for one in contrasts(rows)) or NOTHING


def name(claim: Claim) -> str:
    """`dictionary-7, common settings`: the claim, and the part that is its primary quantity."""
    return f"{claim.id}, {next(iter(claim.parts))}"


def _listed(*keys: Iterable[str]) -> str:
    """As a table of `anatomy.analysis.keys` names runs."""
    return " ".join(sorted({*chain.from_iterable(keys)}))


def _line(one: Beside, word: str) -> str:
    seen = [(rung.epochs, rung.seen) for rung in one.rungs]
    effects = [f"{at}: {at_it.estimate:.3g} ({at_it.low:.3g} to {at_it.high:.3g})" for at, at_it in seen if at_it]
    unit = f" in {one.unit}" if one.unit else ""
    return f"{one.part}: {f'{word}; ' if word else ''}effect{unit} by passes: {', '.join(effects)}."
