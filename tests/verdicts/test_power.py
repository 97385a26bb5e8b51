"""power.py: the seeds that a spread asks for; and the error rates of the rules, simulated with these seeds."""

from functools import cache

import numpy as np
import pytest

from anatomy.verdicts.criteria import Criterion, Difference, Equivalence, Exact, Shape, Threshold
from anatomy.verdicts.power import LEAST, MOST, POWER, Design, design, effects, of_parts
from anatomy.verdicts.verdict import Word

CRITERIA = [Difference(0.5), Shape(2.0), Equivalence(1.0), Equivalence(1.0, one_sided=True)]
SPREADS = [0.3, 0.8, 1.2]  # of the margin
DRAWS = 800  # the standard error of a power of 80 % is 1.4 points


@cache
def shares(criterion: Criterion, effect: float, sd: float, n: int) -> dict[Word, float]:
    """How often each word is the verdict on n seeds, where the truth is `effect` with this spread."""
    chance = np.random.Generator(np.random.PCG64(n))
    words = [criterion.judge(values).word for values in chance.normal(effect, sd, (DRAWS, n))]
    return {word: words.count(word) / DRAWS for word in ("holds", "does not hold", "undecided")}


@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("criterion", CRITERIA)
def test_few_verdicts_are_wrong_and_the_right_ones_as_many_as_said(
    criterion: Difference | Shape | Equivalence, spread: float
) -> None:
    """On the designed number of seeds: the claim where there is nothing, its denial where it is true; and the power."""
    sd = spread * criterion.margin
    found = design(criterion, sd)
    assert found is not None
    where_true, where_false = (shares(criterion, effect, sd, found.n) for effect in effects(criterion))
    assert where_true["does not hold"] <= 0.05
    assert where_false["holds"] <= 0.05
    lenient = 0.05 + (0.3 if found.holds < POWER else 0.0)  # a lower bound within two edges, near 1 or far from exact
    assert found.holds - 0.05 < where_true["holds"] < found.holds + lenient
    assert where_false["does not hold"] == pytest.approx(found.fails, abs=0.05)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_one_seed_fewer_would_not_do(criterion: Difference | Shape | Equivalence) -> None:
    chosen = {design(criterion, spread * criterion.margin) for spread in np.linspace(0.1, 2, 40)}
    counts = {one.n for one in chosen if one is not None}
    assert min(counts) == LEAST
    assert max(counts) == MOST
    assert len(counts) > 4
    sd = 0.8 * criterion.margin
    found = design(criterion, sd)
    assert found is not None
    assert LEAST < found.n < MOST
    true, false = (shares(criterion, effect, sd, found.n - 1) for effect in effects(criterion))
    assert min(true["holds"], false["does not hold"]) < POWER + 0.04


def test_power_at_the_ends() -> None:
    """With no spread to speak of every difference is seen; with far too much, what chance gives: one in forty."""
    sure, lost = design(Difference(1.0), 1e-3), design(Difference(1.0), 100.0)
    assert sure is not None
    assert lost is not None
    assert (sure.n, sure.enough) == (LEAST, True)
    assert (sure.holds, sure.fails) == pytest.approx((1.0, 1.0))
    assert (lost.n, lost.enough) == (MOST, False)
    assert (lost.holds, lost.fails) == pytest.approx((0.028, 0.027), abs=0.005)


def test_where_chance_does_not_decide_there_is_no_design() -> None:
    assert design(Exact(1e-6), 1.0) is None
    assert design(Threshold(collapsed=True), 1.0) is None
    assert of_parts([None]) is None


def test_a_claim_needs_what_its_hardest_part_needs() -> None:
    assert of_parts([Design(5, 0.99, 0.9), None, Design(9, 0.85, 0.95)]) == Design(9, 0.85, 0.9)
