"""The criteria on planted tables: each word of each kind, and the arithmetic behind it."""

import hashlib
from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from anatomy.verdicts.combine import agreed, all_parts, fixed_n, holm, of_fewest, without_mechanism
from anatomy.verdicts.criteria import (
    NEGLIGIBLE,
    NO_SPREAD,
    SMALLER,
    VERSIONS,
    Difference,
    Equivalence,
    Exact,
    Shape,
    Threshold,
)
from anatomy.verdicts.student_t import MOST_SEEDS, half_width, mean, seeds_needed
from anatomy.verdicts.verdict import Verdict

T3 = 4.302652729911275  # t.975 of two degrees of freedom, from a printed table: 4.303


def spread_about(center: float, half: float) -> list[float]:
    """Three values with this mean whose 95 % half width is `half` (sd = half sqrt(3) / 4.303)."""
    sd = half * sqrt(3) / T3
    return [center - sd, center, center + sd]


# --- every word of every kind ------------------------------------------------------------------

NAN, INF = float("nan"), float("inf")

PLANTED = [
    # kind, values, word, start of the note
    (Exact(1e-10), [1e-12, 3e-11], "holds", ""),
    (Exact(1e-10), [1e-12, 1e-10], "does not hold", ""),  # under the tolerance, not at it
    (Exact(1e-10), [-1e-3], "does not hold", ""),
    (Exact(1e-10), [INF], "does not hold", ""),
    (Exact(1e-10), [1e-12, NAN], "undecided", "1 of 2 values not a finite number"),
    (Exact(1e-10), [], "undecided", "no value"),
    (Exact(1e-10), [0.0], "holds", ""),
    (Difference(0.5), spread_about(1.0, 0.9), "holds", ""),
    (Difference(0.5), spread_about(0.25, 0.2), "holds", SMALLER),
    (Difference(0.5), spread_about(0.1, 0.3), "does not hold", ""),
    (Difference(0.5), spread_about(-3.0, 1.0), "does not hold", ""),
    (Difference(0.5), spread_about(0.4, 0.5), "undecided", ""),
    (Difference(0.5), [1.0], "undecided", "one seed alone"),
    (Difference(0.5), [], "undecided", "no value"),
    (Difference(0.5), [3.0, 3.1, NAN], "undecided", "1 of 3 values not a finite number"),
    (Difference(0.5), [3.0, 3.1, INF], "undecided", "1 of 3 values not a finite number"),
    (Difference(0.5), [0.1] * 3, "holds", f"{SMALLER}; {NO_SPREAD}"),
    (Difference(0.5), [0.7] * 3, "holds", NO_SPREAD),
    (Difference(0.5), [0.0] * 3, "does not hold", NO_SPREAD),
    (Shape(log(1.1)), spread_about(2.0, 1.0), "holds", ""),
    (Shape(log(1.1)), spread_about(0.05, 0.04), "holds", SMALLER),
    (Shape(log(1.1)), spread_about(0.018, 0.01), "does not hold", NEGLIGIBLE),  # below a fifth of the margin
    (Shape(log(1.1)), spread_about(0.020, 0.01), "holds", SMALLER),
    (Difference(0.5), spread_about(0.09, 0.05), "does not hold", NEGLIGIBLE),  # 0.1 points where no effect is known
    (Difference(0.5), spread_about(0.09, 0.5), "undecided", ""),  # not certain
    (Difference(5.0), spread_about(0.9, 0.5), "does not hold", NEGLIGIBLE),
    (Difference(0.1), spread_about(0.09, 0.05), "holds", ""),  # may be as large as claimed
    (Shape(log(1.1)), spread_about(-0.5, 0.4), "does not hold", ""),
    (Shape(log(1.1)), spread_about(0.5, 0.6), "undecided", ""),
    (Shape(log(1.1)), [2.0], "undecided", "one seed alone"),
    (Shape(log(1.1)), [2.0, NAN], "undecided", "1 of 2 values"),
    (Equivalence(1.0), spread_about(0.3, 0.6), "holds", ""),
    (Equivalence(1.0), spread_about(-0.3, 0.6), "holds", ""),
    (Equivalence(1.0), spread_about(1.5, 0.4), "does not hold", ""),
    (Equivalence(1.0), spread_about(-1.5, 0.4), "does not hold", ""),
    (Equivalence(1.0), spread_about(0.0, 1.2), "undecided", ""),  # insignificant, and no proof
    (Equivalence(1.0), spread_about(1.0, 0.1), "undecided", ""),
    (Equivalence(1.0), [0.2], "undecided", "one seed alone"),
    (Equivalence(1.0), [0.1, NAN, 0.1], "undecided", "1 of 3 values"),
    (Equivalence(1.0), [0.2] * 3, "holds", NO_SPREAD),
    (Equivalence(1.0), [-1.2] * 3, "does not hold", NO_SPREAD),
    (Threshold(collapsed=True), [[0.03, 0.99], [0.05, 0.97]], "holds", "2 collapsed, 0 not"),
    (Threshold(collapsed=True), [[0.70, 0.60], [0.75, 0.5]], "does not hold", "0 collapsed, 2 not"),
    (Threshold(collapsed=True), [[0.03, 0.99], [0.70, 0.6]], "undecided", "1 collapsed, 1 not"),
    (Threshold(collapsed=True), [[0.03, 0.89], [0.05, 0.97]], "undecided", "1 collapsed, 0 not"),
    (Threshold(collapsed=True), [[0.30, 0.99], [0.05, 0.97]], "undecided", "1 collapsed, 0 not"),
    (Threshold(collapsed=False), [[0.70, 0.60], [0.75, 0.5]], "holds", "0 collapsed, 2 not"),
    (Threshold(collapsed=False), [[0.03, 0.99], [0.05, 0.97]], "does not hold", "2 collapsed"),
    (
        Threshold(collapsed=False),
        [[0.7, 0.6, 1.5], [0.75, 0.5, 4.0]],
        "holds",
        "0 collapsed, 2 not, of 2 seeds; m_o 0.50 to 0.60, effective rank 1.5 to 4.0, not wholly collapsed",
    ),
    (Threshold(collapsed=False), [[0.60, 0.60], [0.75, 0.5]], "undecided", "0 collapsed, 1 not"),
    (Threshold(collapsed=False), [[0.75, 0.5]], "undecided", "one seed alone"),
    (Threshold(collapsed=False), [[0.75, 0.5], [0.75, NAN]], "undecided", "1 of 4 values"),
]


@pytest.mark.parametrize(("kind", "values", "word", "note"), PLANTED)
def test_planted(kind, values, word, note):
    verdict = kind.judge(values)
    assert verdict.word == word
    assert verdict.note.startswith(note)
    assert bool(verdict.note) == bool(note)
    assert verdict.needed is None or word == "undecided"


def test_words_follow_the_version():
    """Judged otherwise than before? Then raise its version (old records will say so) and pin anew."""
    words = []
    for kind in (Exact(0.5), Difference(0.5), Shape(0.1), Equivalence(1.0)):
        for center in (0.197 * i - 2.011 for i in range(21)):  # nowhere at an edge: no rounding
            for half in (0.013, 0.053, 0.107, 0.211, 0.417, 0.833):
                words.append(kind.judge(spread_about(center, half)).word)
    for collapsed in (True, False):
        for spread in (0.0497 * i + 0.05 for i in range(19)):
            rows = [[spread, 0.95], [spread, 0.851 + spread / 10]]
            words.append(Threshold(collapsed=collapsed).judge(rows).word)
    for one in (HOLDS, FAILS, OPEN, NOT_RUN):
        for other in (HOLDS, FAILS, OPEN, NOT_RUN):
            words += [all_parts({"a": one, "b": other}).word, agreed(one, other).word]
        words += [fixed_n(one, 3).word, fixed_n(one, 7).word, without_mechanism(one).word]
    assert hashlib.sha256(repr((VERSIONS, words)).encode()).hexdigest()[:16] == PINNED


PINNED = "94716b2da1638c3f"


# --- the interval ------------------------------------------------------------------------------


def test_interval_is_that_of_the_paired_t_test():
    rng = np.random.default_rng(3)
    for n in (2, 3, 5, 17):
        first, second = rng.normal(50, 2, n), rng.normal(49, 2, n)
        oracle = stats.ttest_rel(first, second)
        low, high = oracle.confidence_interval(0.95)
        verdict = Difference(0.5).judge(first - second)
        assert verdict.low == pytest.approx(low, rel=1e-10)
        assert verdict.high == pytest.approx(high, rel=1e-10)
        d = first - second
        by_hand = stats.t.interval(0.95, n - 1, loc=d.mean(), scale=stats.sem(d))
        assert (verdict.low, verdict.high) == pytest.approx(by_hand, rel=1e-10)
        assert mean(d).p(0.0) == pytest.approx(oracle.pvalue, rel=1e-10)


def test_half_widths_named_in_the_rules():
    assert half_width(1.0, 3) == pytest.approx(2.48, abs=0.005)
    assert half_width(1.0, 5) == pytest.approx(1.24, abs=0.005)


def test_order_of_seeds_does_not_matter_and_equal_values_have_no_spread():
    assert mean(np.array([0.1, 0.1, 0.1])).sd == 0
    assert mean(np.array([0.1, 0.1, 0.1])).estimate == 0.1
    assert mean(np.array([0.1, 0.1])).p(0.1) == 1
    assert mean(np.array([0.1, 0.1])).p(0.2) == 0


def test_p_is_of_the_comparison_that_decided():
    for kind, values, null in [
        (Difference(0.5), spread_about(1.0, 0.9), 0.0),
        (Difference(0.5), spread_about(0.1, 0.3), 0.5),
        (Difference(0.5), spread_about(0.4, 0.5), 0.0),
        (Equivalence(1.0), spread_about(0.3, 0.6), 1.0),
        (Equivalence(1.0), spread_about(-1.5, 0.4), -1.0),
    ]:
        verdict = kind.judge(values)
        assert verdict.p == pytest.approx(stats.ttest_1samp(values, null).pvalue, rel=1e-9)
        assert (verdict.p < 0.05) == (verdict.word != "undecided")


# --- how many seeds would decide ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "values", "distance"),
    [
        (Difference(0.5), spread_about(0.4, 0.5), 0.4),  # 0 is farther off than the margin
        (Difference(0.5), spread_about(0.1, 0.9), 0.4),  # here the margin is
        (Difference(0.5), spread_about(-0.2, 1.9), 0.7),
        (Shape(0.1), spread_about(0.5, 2.0), 0.5),
        (Equivalence(1.0), spread_about(0.2, 1.2), 0.8),
        (Equivalence(1.0), spread_about(1.4, 1.2), 0.4),
        (Equivalence(1.0), spread_about(-1.4, 1.2), 0.4),
    ],
)
def test_needed_is_the_first_n_that_decides(kind, values, distance):
    verdict = kind.judge(values)
    sd, n = np.std(values, ddof=1), verdict.needed
    assert verdict.word == "undecided"
    assert n > verdict.n

    def half(count: int) -> float:
        return stats.t.ppf(0.975, count - 1) * sd / sqrt(count)

    assert half(n) < distance
    assert half(n - 1) >= distance


def test_needed_has_an_end():
    assert Equivalence(1.0).judge([0.9, 1.0, 1.1]).needed is None  # at the edge: never
    assert seeds_needed(1.0, half_width(1.0, MOST_SEEDS) * (1 + 1e-9)) == MOST_SEEDS
    assert seeds_needed(1.0, half_width(1.0, MOST_SEEDS)) is None
    assert seeds_needed(0.0, 0.1) == 2
    assert seeds_needed(0.0, 0.0) is None


# --- inputs that are a mistake of the claim ------------------------------------------------------


@pytest.mark.parametrize("kind", [Difference(), Shape(0.1), Equivalence(), Exact(0.1)])
def test_two_columns_are_not_twice_as_many_seeds(kind):
    with pytest.raises(ValueError, match="1 axes expected"):
        kind.judge([[1.0, 2.0], [1.0, 2.0]])


def test_threshold_wants_two_numbers_a_seed():
    with pytest.raises(ValueError, match="2 axes expected"):
        Threshold(collapsed=True).judge([0.1, 0.2])


@pytest.mark.parametrize("kind", [Difference, Shape, Equivalence])
@pytest.mark.parametrize("margin", [0.0, -1.0, NAN])
def test_a_margin_is_above_zero(kind, margin):
    with pytest.raises(ValueError, match="above 0"):
        kind(margin)


# --- several verdicts into one -------------------------------------------------------------------

HOLDS = Verdict("holds", 2.0, 1.0, 3.0, n=5, p=0.01)
HOLDS_SMALLER = Verdict("holds", 0.2, 0.1, 0.3, n=5, p=0.03, note=SMALLER)
FAILS = Verdict("does not hold", -2.0, -3.0, -1.0, n=5, p=0.002)
OPEN = Verdict("undecided", 0.1, -1.0, 1.2, n=3, p=0.7, needed=40)
NOT_RUN = Verdict("not run")


@pytest.mark.parametrize(
    ("parts", "word", "note", "estimate"),
    [
        ([HOLDS, HOLDS], "holds", "", 2.0),
        ([HOLDS, HOLDS_SMALLER], "holds", SMALLER, 2.0),
        ([HOLDS, FAILS], "does not hold", "does not hold in: part 1", -2.0),
        ([OPEN, FAILS], "does not hold", "does not hold in: part 1", -2.0),
        ([NOT_RUN, FAILS], "does not hold", "does not hold in: part 1", -2.0),
        ([HOLDS, OPEN], "undecided", "undecided in: part 1", 0.1),
        ([HOLDS, NOT_RUN], "not run", "not run in: part 1", None),
        ([OPEN], "undecided", "", 0.1),
    ],
)
def test_parts(parts, word, note, estimate):
    verdict = all_parts({f"part {i}": part for i, part in enumerate(parts)})
    assert (verdict.word, verdict.note, verdict.estimate) == (word, note, estimate)
    assert list(verdict.parts.values()) == (parts if len(parts) > 1 else [])


def test_numbers_of_parts():
    both = all_parts({"a": HOLDS, "b": HOLDS_SMALLER})
    assert both.p == 0.03  # as doubtful as the weaker
    assert all_parts({"a": HOLDS, "b": FAILS, "c": OPEN}).p == pytest.approx(3 * 0.002)
    open_twice = all_parts({"a": OPEN, "b": Verdict("undecided", n=4, needed=60)})
    assert (open_twice.needed, open_twice.n) == (60, 3)
    assert all_parts({"a": OPEN, "b": Verdict("undecided", n=1)}).needed is None


@pytest.mark.parametrize(
    ("epochs", "passes", "word"),
    [
        (HOLDS, HOLDS_SMALLER, "holds"),
        (FAILS, FAILS, "does not hold"),
        (HOLDS, FAILS, "undecided"),
        (HOLDS, OPEN, "undecided"),
        (HOLDS, NOT_RUN, "not run"),
        (NOT_RUN, NOT_RUN, "not run"),
    ],
)
def test_equal_epochs_against_equal_passes(epochs, passes, word):
    verdict = agreed(epochs, passes)
    assert verdict.word == word
    assert verdict.parts == {"equal epochs": epochs, "equal encoder passes": passes}
    if epochs.word != passes.word:
        assert f"at equal encoder passes: {passes.word}" in verdict.note


@pytest.mark.parametrize("verdict", [HOLDS, FAILS, OPEN])
def test_nothing_counts_without_the_mechanism(verdict):
    without = without_mechanism(verdict)
    assert (without.word, without.note) == ("undecided", "this scale cannot show it")
    assert (without.estimate, without.low, without.needed) == (verdict.estimate, verdict.low, None)


def test_n_is_fixed_beforehand():
    assert fixed_n(HOLDS, 5) == HOLDS
    early = fixed_n(HOLDS, 7)
    assert (early.word, early.needed) == ("undecided", 7)
    assert early.note == "5 of the 7 seeds fixed beforehand"
    whole = all_parts({"a": replace(HOLDS, n=7), "b": replace(HOLDS, n=5)})
    assert of_fewest(fixed_n(whole, 7)).note == "5 of the 7 seeds fixed beforehand, in the part with fewest"
    assert of_fewest(fixed_n(all_parts({"a": HOLDS, "b": HOLDS}), 7)).note == "5 of the 7 seeds fixed beforehand"
    assert fixed_n(OPEN, 5).needed == 40
    late = fixed_n(HOLDS_SMALLER, 3)
    assert late.word == "holds"
    assert late.note == f"{SMALLER}; a new verdict on 5 seeds; 3 were fixed beforehand"
    assert fixed_n(NOT_RUN, 3) == NOT_RUN


# --- Holm ----------------------------------------------------------------------------------------


def test_holm_by_hand():
    # Sorted: .005 <= .05/4 = .0125; .01 <= .05/3 = .0167; .03 > .05/2 = .025, and there it ends,
    # although .04 <= .05/1.
    assert holm([0.01, 0.04, 0.03, 0.005]) == [True, False, False, True]
    assert holm([0.03, 0.02]) == [True, True]  # .02 <= .025, .03 <= .05
    assert holm([]) == []
    assert holm([0.06]) == [False]
    assert holm([0.04]) == [True]
    assert holm([0.03, 0.03]) == [False, False]


# --- invariants ----------------------------------------------------------------------------------------

RANK = {"does not hold": 0, "undecided": 1, "holds": 2}
seeds = st.lists(st.integers(-4000, 4000).map(lambda i: i / 256), min_size=2, max_size=6)
margins = st.integers(1, 1000).map(lambda i: i / 128)
fixed = settings(derandomize=True, max_examples=200, deadline=None)


@fixed
@given(seeds, margins, st.integers(0, 4000).map(lambda i: i / 256), st.sampled_from("DS"))
def test_a_larger_difference_never_looks_worse(values, margin, shift, kind):
    judge = (Difference if kind == "D" else Shape)(margin).judge
    before, after = judge(values), judge([value + shift for value in values])
    assert not (before.word == "holds" and after.word == "does not hold")
    if shift > 1e-6:  # the rounding of the two spreads may differ in the last digit
        assume(abs(before.low) > 1e-9)
        assume(abs(before.high - margin) > 1e-9)
        assert RANK[after.word] >= RANK[before.word]


@fixed
@given(seeds, margins, st.floats(0, 1))
def test_nearer_to_zero_never_looks_less_equal(values, margin, share):
    before = Equivalence(margin).judge(values)
    moved = [value - share * before.estimate for value in values]
    after = Equivalence(margin).judge(moved)
    assert not (before.word == "holds" and after.word == "does not hold")
    assert not (before.word == "undecided" and after.word == "does not hold")


@fixed
@given(seeds, margins, st.integers(-8, 8), st.sampled_from([Difference, Shape, Equivalence]))
def test_units_do_not_matter(values, margin, power, kind):
    scale = 2.0**power  # a power of two: no rounding
    one = kind(margin).judge(values)
    other = kind(margin * scale).judge([value * scale for value in values])
    assert (one.word, one.note, one.needed) == (other.word, other.note, other.needed)
    assert other.low == one.low * scale


@fixed
@given(seeds, margins)
def test_equivalence_has_no_sides(values, margin):
    one = Equivalence(margin).judge(values)
    assert Equivalence(margin).judge([-value for value in values]).word == one.word


@fixed
@given(seeds, margins, st.randoms(use_true_random=False))
def test_the_order_of_seeds_does_not_matter(values, margin, random):
    mixed = random.sample(values, len(values))
    one, other = Difference(margin).judge(values), Difference(margin).judge(mixed)
    assert one.estimate == pytest.approx(other.estimate)
    assert (one.low, one.high) == pytest.approx((other.low, other.high))


@fixed
@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_keeps_the_smallest_and_less_than_no_correction(p_values):
    kept = holm(p_values)
    assert all(p <= 0.05 + 1e-12 for p, keep in zip(p_values, kept, strict=True) if keep)
    largest_kept = max((p for p, keep in zip(p_values, kept, strict=True) if keep), default=-1)
    dropped = [p for p, keep in zip(p_values, kept, strict=True) if not keep]
    assert all(p >= largest_kept for p in dropped)
    bonferroni = [p <= 0.05 / len(p_values) for p in p_values]
    assert all(keep for keep, sure in zip(kept, bonferroni, strict=True) if sure)
