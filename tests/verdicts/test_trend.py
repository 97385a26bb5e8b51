"""The word over rungs of training: each by a hand case, and how often it is wrong, simulated."""

import numpy as np
import pytest

from anatomy.verdicts import Difference, Equivalence, Exact, Shape, Threshold
from anatomy.verdicts.trend import Rung, margin_of, trend

NOISE = np.array([0.1, -0.1, 0.05, -0.05, 0.0])  # one a seed


def word(*effects: float | np.ndarray, margin: float = 0.5) -> str:
    """Of effects at 2, 6, 18 epochs, each with a little noise of its own that cancels in the mean."""
    noisy = [effect + np.roll(NOISE, place) for place, effect in enumerate(effects)]
    rungs = [Rung(2 * 3**place, dict(enumerate(values, start=10))) for place, values in enumerate(noisy)]
    return trend(rungs, margin).word


@pytest.mark.parametrize(("bottom", "top", "expected"), [
    (1.0, 3.0, "grows"),
    (-1.0, -3.0, "grows"),  # of |effect|: it falls further below 0
    (3.0, 1.0, "shrinks"),
    (-3.0, -1.0, "shrinks"),
    (3.0, 0.0, "shrinks"),  # to nothing
    (0.0, 3.0, "grows"),  # from nothing
    (1.0, -2.0, "changes sign"),
    (-2.0, 1.0, "changes sign"),
    (2.0, 2.1, "flat"),
    (0.0, 0.0, "flat"),
])  # fmt: skip
def test_the_words(bottom: float, top: float, expected: str) -> None:
    assert word(bottom, 99.0, top) == expected  # what lies between decides nothing
    assert word(bottom, top) == expected


def test_a_small_change_of_which_there_is_no_doubt_is_flat() -> None:
    assert word(2.0, 2.2) == "flat"
    assert word(2.0, 2.2, margin=0.1) == "grows"


def test_an_insignificant_difference_says_nothing() -> None:
    """The interval of the change is wider than the margin and holds 0: neither a trend nor flat."""
    wide = np.array([4.0, -4.0, 2.0, -2.0, 0.0])
    assert word(1.0, 1.5 + wide) == "undecided"


def test_a_change_around_zero_neither_grows_nor_shrinks() -> None:
    """It moves for certain, but of which end is the larger nothing is known, nor on which side the bottom lies."""
    wide = np.array([0.8, -0.8, 0.4, -0.4, 0.0])
    assert word(-0.4 + wide, 0.45 + wide) == "undecided"


def test_pairs_are_of_the_same_seed() -> None:
    """Seeds differ by far more than the rungs, and lie in another order."""
    seeds = {10: 5.0, 11: -5.0, 12: 1.0}
    bottom = Rung(2, seeds)
    top = Rung(6, {seed: seeds[seed] + 2 + seed / 1000 for seed in (12, 10, 11)})
    assert trend([top, bottom], 0.5).word == "undecided"  # t - b is 2, but t + b may be anything
    assert trend([top, bottom], 3.0).word == "flat"
    assert [rung.epochs for rung in trend([top, bottom], 0.5).rungs] == [2, 6]


def test_what_was_not_run() -> None:
    whole, one = Rung(2, {10: 1.0, 11: 1.1}), Rung(6, {10: 1.0})
    assert trend([whole, one], 0.5).note == "fewer than two seeds at a rung of 6 epochs"
    short = trend([Rung(1, {}), whole, Rung(6, {}), Rung(18, whole.effects)], 0.5)  # too short to be judged, say
    assert (short.word, [rung.epochs for rung in short.rungs]) == ("flat", [2, 18])
    assert trend([whole, Rung(6, whole.effects), Rung(18, {})], 0.5).word == "not run"
    assert trend([whole, Rung(6, {12: 1.0, 13: 1.0})], 0.5).note.endswith("bottom and top have in common")
    assert trend([whole], 0.5).word == "not run"
    assert trend([whole, Rung(6, {10: 1.0, 11: float("nan")})], 0.5).word == "not run"


def test_margins() -> None:
    assert [margin_of(c) for c in (Difference(2.5), Shape(0.4), Equivalence(1.0))] == [2.5, 0.4, 1.0]
    assert margin_of(Threshold(collapsed=True)) == pytest.approx(0.3)
    with pytest.raises(ValueError, match="an identity has no effect"):
        margin_of(Exact(1e-10))


# --- how often it is wrong

REPEATS = 2000


def words(b: float, t: float, margin: float, n: int = 5, sd: float = 1.0) -> dict[str, float]:
    """Shares of the words where the paired difference has this sd, and the seeds have luck in common."""
    rng = np.random.default_rng(7)
    found: dict[str, float] = {}
    for _ in range(REPEATS):
        luck = rng.normal(0, 2 * sd, n)
        ends = [effect + 0.2 * luck + rng.normal(0, sd / 2**0.5, n) for effect in (b, t)]
        said = trend([Rung(e, dict(enumerate(v))) for e, v in zip((2, 18), ends, strict=True)], margin).word
        found[said] = found.get(said, 0) + 1 / REPEATS
    return found


@pytest.mark.parametrize("effect", [0.0, 1.0, 5.0])
@pytest.mark.parametrize(("margin", "n"), [(0.01, 5), (0.5, 5), (0.5, 12), (2.0, 5)])
def test_an_effect_that_stays_is_called_a_trend_in_one_of_twenty_at_most(effect: float, margin: float, n: int) -> None:
    said = words(effect, effect, margin, n)
    error = 3 * (0.05 * 0.95 / REPEATS) ** 0.5  # three standard errors of the simulation
    assert sum(said.get(word, 0) for word in ("grows", "shrinks", "changes sign")) <= 0.05 + error


@pytest.mark.parametrize(("bottom", "top", "expected"), [
    (1.0, 3.0, "grows"), (3.0, 1.0, "shrinks"), (2.0, -2.0, "changes sign"), (-1.0, -3.0, "grows"),
])  # fmt: skip
def test_a_clear_trend_is_found(bottom: float, top: float, expected: str) -> None:
    """Effects in sd of the paired difference; n = 5."""
    assert words(bottom, top, margin=0.5)[expected] >= 0.8


def test_what_stays_is_called_flat_where_the_seeds_suffice() -> None:
    assert words(1.0, 1.0, margin=2.5)["flat"] >= 0.8
    assert words(1.0, 1.0, margin=0.5).get("flat", 0) < 0.2
