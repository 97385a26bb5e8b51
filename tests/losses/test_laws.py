"""The laws that every contrastive loss obeys: one table of losses, one of laws, every pair tested.

A new loss: first its own test file with an oracle, then one line in LOSSES. Where it breaks a law it
gets a line in EXCEPTIONS with the reason, and the test then requires that it does break it.
"""

from collections.abc import Callable
from functools import partial
from math import inf, log, log1p

import pytest
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from torch import Tensor

from anatomy.losses.align_uniform import align_uniform
from anatomy.losses.cacr import cacr
from anatomy.losses.debiased import debiased
from anatomy.losses.decoupled import decoupled
from anatomy.losses.decoupled_weighted import decoupled_weighted
from anatomy.losses.dual_temperature import dual_temperature
from anatomy.losses.hard_negatives import hard_negatives
from anatomy.losses.info_nce import info_nce
from anatomy.losses.spectral import spectral
from anatomy.runs import parts
from anatomy.similarity import Against, Negatives, in_batch, inner, unit
from reference import TOLERANCES, assert_close

Loss = Callable[..., Tensor]  # (positive [N], negatives) -> [N], temperatures bound
FURTHER = (0.25, -1.0)  # similarity of the further positives, less that of the first


def with_further_positives(positive: Tensor, negatives: Negatives, *, temperature: float) -> Tensor:
    """CACR with three positives; the gradient is of the first alone."""
    further = torch.stack([positive.detach() + more for more in FURTHER], 1)
    return cacr(positive, negatives, temperature=temperature, more_positives=further)


# Each loss at a temperature T; what else it takes follows from T.
LOSSES: dict[str, Callable[[float], Loss]] = {
    "info_nce": lambda t: partial(info_nce, temperature=t),
    "decoupled": lambda t: partial(decoupled, temperature=t),
    "dual_temperature": lambda t: partial(dual_temperature, temperature_intra=t, temperature_inter=10 * t),
    "dual_temperature, equal weights": lambda t: partial(dual_temperature, temperature_intra=t, temperature_inter=inf),
    "decoupled_weighted": lambda t: partial(decoupled_weighted, temperature=t),
    "decoupled_weighted, undetached": lambda t: partial(decoupled_weighted, temperature=t, detach_weights=False),
    "debiased": lambda t: partial(debiased, temperature=t),
    "hard_negatives": lambda t: partial(hard_negatives, temperature=t, tau_plus=0.0),
    "hard_negatives, debiased": lambda t: partial(hard_negatives, temperature=t),
    "cacr": lambda t: partial(cacr, temperature=t),
    "cacr, weights detached": lambda t: partial(cacr, temperature=t, detach_weights=True),
    "cacr, three positives": lambda t: partial(with_further_positives, temperature=t),
    "align_uniform": lambda t: partial(align_uniform, temperature=t),
    "spectral": lambda t: partial(spectral, mu=1 / t),
}
WEIGHTED = ("decoupled_weighted", "decoupled_weighted, undetached")
RATIOS = ("decoupled", *WEIGHTED)  # no probabilities: below zero where the positive is found
UNDETACHED = ("cacr", "cacr, three positives")
ATTRACTED = (*UNDETACHED, "cacr, weights detached")
# The value when all similarities are equal, or T is infinite: how many choices there are.
CHOICES: dict[str, Callable[[int], float]] = {name: log1p for name in LOSSES}
CHOICES |= dict.fromkeys(RATIOS, log)
CHOICES |= dict.fromkeys((*ATTRACTED, "align_uniform", "spectral"), lambda k: 0.0)

PULLS = "every anchor pulls, however near its positive is"
SQUARES = "a mean of distances, not divided by a temperature"
BATCH = "the weights are of the whole batch"
EASY = "an easy negative that comes nearer takes weight from a hard one"
FLOOR = "at its floor no gradient flows, and the floor stands where similarity -1 is"
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("never_negative", "decoupled"): "a ratio, not a probability: a found positive is below zero",
    ("a_found_positive_pulls_no_more", "decoupled"): PULLS,
    ("a_found_positive_pulls_no_more", "dual_temperature, equal weights"): PULLS,
}


def broken(name: str, **laws: str) -> None:
    EXCEPTIONS.update({(law, name): reason for law, reason in laws.items()})


for name in WEIGHTED:
    broken(
        name,
        adding_a_constant_to_all_similarities="positives weigh 1 in the mean alone",
        gradients_over_an_anchor_sum_to_zero="a positive weighs w, all negatives together 1",
        a_more_similar_positive_lowers="one far nearer than the batch's others has a weight below zero",
        never_negative="a ratio, as DCL",
        all_equal_leaves_the_number_of_choices="the anchors' own similarities differ",
        an_infinite_temperature_leaves_the_number_of_choices="a positive pulls with w, not with 1",
        a_vanishing_temperature_sees_the_hardest_negative="the positive counts w times",
        anchors_do_not_see_each_other=BATCH,
        a_found_positive_pulls_no_more=PULLS,
    )
broken(
    "decoupled_weighted, undetached",
    gradients_over_an_anchor_sum_to_zero="a positive pulls with w, and by what it changes in the weights",
)
for name in ("debiased", "hard_negatives, debiased"):
    broken(
        name,
        adding_a_constant_to_all_similarities=FLOOR,
        gradients_over_an_anchor_sum_to_zero=FLOOR,
        a_more_similar_negative_raises=FLOOR,
    )
broken("hard_negatives", a_more_similar_negative_raises=EASY)
for name in ATTRACTED:
    broken(
        name,
        one_more_negative_raises="a mean over negatives",
        never_negative=SQUARES,
        an_infinite_temperature_leaves_the_number_of_choices=SQUARES,
        a_vanishing_temperature_sees_the_hardest_negative=SQUARES,
        a_found_positive_pulls_no_more=PULLS,
    )
for name in UNDETACHED:
    broken(name, a_more_similar_negative_raises=EASY)
broken(
    "cacr, three positives",
    gradients_over_an_anchor_sum_to_zero="the further positives pull too",
    a_more_similar_positive_lowers="a near positive that comes nearer takes weight from a far one",
    all_equal_leaves_the_number_of_choices="the further positives differ from the first",
)
broken(
    "align_uniform",
    adding_a_constant_to_all_similarities="distance and logarithm move at rates of their own",
    gradients_over_an_anchor_sum_to_zero=BATCH,
    one_more_negative_raises="a mean over negatives",
    never_negative=SQUARES,
    all_equal_leaves_the_number_of_choices=SQUARES,
    an_infinite_temperature_leaves_the_number_of_choices=SQUARES,
    a_vanishing_temperature_sees_the_hardest_negative=SQUARES,
    anchors_do_not_see_each_other=BATCH,
    a_found_positive_pulls_no_more=PULLS,
)
broken(
    "spectral",
    adding_a_constant_to_all_similarities="zero is a right angle, which means something",
    gradients_over_an_anchor_sum_to_zero="negatives push in proportion to their similarity",
    a_more_similar_negative_raises="one beyond a right angle is drawn back to it",
    one_more_negative_raises="a mean over negatives",
    never_negative=SQUARES,
    all_equal_leaves_the_number_of_choices=SQUARES,
    an_infinite_temperature_leaves_the_number_of_choices="its negatives are of the second order",
    a_vanishing_temperature_sees_the_hardest_negative="every negative counts by its square",
    a_found_positive_pulls_no_more=PULLS,
)


class Sample:
    """N anchors with K negatives each, float64: embeddings, their similarities, a temperature."""

    def __init__(self, n: int, k: int, temperature: float, seed: int) -> None:
        self.n, self.k, self.temperature, self.seed = n, k, temperature, seed
        self.generator = torch.Generator().manual_seed(seed)
        self.anchor, self.key, self.keys = (unit(self.normal(rows, 4)) for rows in (n, n, k))
        self.positive = (self.anchor * self.key).sum(1)
        self.negatives = self.anchor @ self.keys.T

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(*shape, generator=self.generator, dtype=torch.float64)

    def order(self, count: int) -> Tensor:
        return torch.randperm(count, generator=self.generator)


def value_and_gradient(loss: Loss, positive: Tensor, negatives: Tensor) -> tuple[Tensor, Tensor]:
    """[N] and [N, 1 + K], column 0 that of the positive."""
    p, n = positive.detach().clone().requires_grad_(), negatives.detach().clone().requires_grad_()
    value = loss(p, n)
    value.sum().backward()
    return value.detach(), torch.cat((p.grad[:, None], n.grad), 1)


# --- the laws


def permuting_images(loss: Loss, s: Sample, name: str) -> None:
    order = s.order(s.n)
    value, gradient = value_and_gradient(loss, s.positive, s.negatives)
    moved = value_and_gradient(loss, s.positive[order], s.negatives[order])
    assert_close(moved[0], value[order])
    assert_close(moved[1], gradient[order])


def permuting_negatives(loss: Loss, s: Sample, name: str) -> None:
    order = s.order(s.k)
    value, gradient = value_and_gradient(loss, s.positive, s.negatives)
    moved = value_and_gradient(loss, s.positive, s.negatives[:, order])
    assert_close(moved[0], value)
    assert_close(moved[1][:, 1:], gradient[:, 1:][:, order])
    assert_close(moved[1][:, 0], gradient[:, 0])


def rotating_all_embeddings(loss: Loss, s: Sample, name: str) -> None:
    turn, _ = torch.linalg.qr(s.normal(4, 4))
    z1, z2 = unit(s.normal(s.n + 1, 4)), unit(s.normal(s.n + 1, 4))
    assert_close(loss(*in_batch(z1 @ turn, z2 @ turn)), loss(*in_batch(z1, z2)))


def scaling_raw_embeddings(loss: Loss, s: Sample, name: str) -> None:
    z1, z2 = s.normal(s.n + 1, 4), s.normal(s.n + 1, 4)
    once = loss(*in_batch(unit(z1), unit(z2)))
    assert_close(loss(*in_batch(unit(7 * z1), unit(0.3 * z2))), once)


def adding_a_constant_to_all_similarities(loss: Loss, s: Sample, name: str) -> None:
    value, gradient = value_and_gradient(loss, s.positive, s.negatives)
    shifted = value_and_gradient(loss, s.positive + 0.25, s.negatives + 0.25)
    # (s + c) / T rounds at |c| / T times float64's last digit, which may be more than the loss.
    torch.testing.assert_close(shifted[0], value, rtol=1e-10, atol=1e-14 / s.temperature)
    assert_close(shifted[1], gradient)


def gradients_over_an_anchor_sum_to_zero(loss: Loss, s: Sample, name: str) -> None:
    _, gradient = value_and_gradient(loss, s.positive, s.negatives)
    assert_close(gradient[:, 1:].sum(1), -gradient[:, 0])


def a_more_similar_positive_lowers(loss: Loss, s: Sample, name: str) -> None:
    assert (loss(s.positive + 0.1, s.negatives) < loss(s.positive, s.negatives)).all()
    _, gradient = value_and_gradient(loss, s.positive, s.negatives)
    assert (gradient[:, 0] < 0).all()


def a_more_similar_negative_raises(loss: Loss, s: Sample, name: str) -> None:
    assert (loss(s.positive, s.negatives + 0.1) > loss(s.positive, s.negatives)).all()
    _, gradient = value_and_gradient(loss, s.positive, s.negatives)
    assert (gradient[:, 1:] > 0).all()


def one_more_negative_raises(loss: Loss, s: Sample, name: str) -> None:
    # The hardest once more: one far easier than the rest adds less than the last digit.
    more = torch.cat((s.negatives, s.negatives.amax(1, keepdim=True)), 1)
    assert (loss(s.positive, more) > loss(s.positive, s.negatives)).all()


def never_negative(loss: Loss, s: Sample, name: str) -> None:
    # With the positive found and one opposite negative: where a ratio falls below zero.
    ones = torch.ones(s.n, dtype=torch.float64)
    assert (loss(ones, -ones[:, None]) >= 0).all()
    assert (loss(s.positive, s.negatives) >= 0).all()


def all_equal_leaves_the_number_of_choices(loss: Loss, s: Sample, name: str) -> None:
    equal = s.positive[:, None].expand(s.n, s.k)
    found = loss(s.positive, equal)
    # The two logits that cancel are 1 / T large.
    torch.testing.assert_close(
        found,
        torch.full_like(found, CHOICES[name](s.k)),
        rtol=1e-10,
        atol=1e-14 / s.temperature,
    )


def an_infinite_temperature_leaves_the_number_of_choices(loss: Loss, s: Sample, name: str) -> None:
    t = 1e9  # the limit is missed by at most 2 / T
    value, gradient = value_and_gradient(LOSSES[name](t), s.positive, s.negatives)
    expected = torch.full_like(value, CHOICES[name](s.k))
    torch.testing.assert_close(value, expected, rtol=0, atol=1e-8)
    # All negatives push alike, and together as the positive pulls.
    torch.testing.assert_close(gradient[:, 1:], -gradient[:, :1].expand(s.n, s.k) / s.k, rtol=1e-8, atol=0)


def a_vanishing_temperature_sees_the_hardest_negative(loss: Loss, s: Sample, name: str) -> None:
    """T x loss -> max_j s_j - s+; a loss that is a probability's stops at zero."""
    t = 1e-6  # the limit is missed by at most T log(K + 1)
    margin = s.negatives.amax(1) - s.positive
    expected = margin if name in RATIOS else margin.clamp(min=0)
    found = t * LOSSES[name](t)(s.positive, s.negatives)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-5)


def dense_shared_and_joined_negatives_are_one(loss: Loss, s: Sample, name: str) -> None:
    """A dense part, keys shared by all anchors, and a tuple of both: value and gradient."""

    def of(build: Callable[[Tensor, Tensor], object]) -> tuple[Tensor, Tensor, Tensor]:
        anchor, keys = (z.clone().requires_grad_() for z in (s.anchor, s.keys))
        value = loss((anchor * s.key).sum(1), build(anchor, keys))
        value.sum().backward()
        return value.detach(), anchor.grad, keys.grad

    dense = of(inner)
    joined = [of(Against), of(lambda a, k: (inner(a, k),))]
    if s.k > 1:
        joined.append(of(lambda a, k: (Against(a, k[:1]), inner(a, k[1:]))))
    for other in joined:
        for found, expected in zip(other, dense, strict=True):
            assert_close(found, expected)


def anchors_do_not_see_each_other(loss: Loss, s: Sample, name: str) -> None:
    alone = [loss(s.positive[i : i + 1], s.negatives[i : i + 1]) for i in range(s.n)]
    assert_close(torch.cat(alone), loss(s.positive, s.negatives))


def a_found_positive_pulls_no_more(loss: Loss, s: Sample, name: str) -> None:
    """d/d positive goes to 0 where the positive is far ahead, beside what it is far behind: hard anchors decide."""
    ones, loss = torch.ones(1, dtype=torch.float64), LOSSES[name](0.02)
    ahead, behind = (value_and_gradient(loss, s_0, -s_0.expand(1, s.k))[1][0, 0] for s_0 in (ones, -ones))
    assert ahead.abs() < 0.1 * behind.abs()


def the_type_stays(loss: Loss, s: Sample, name: str) -> None:
    assert loss(s.positive, s.negatives).dtype == torch.float64
    single = loss(s.positive.float(), s.negatives.float())
    assert single.dtype == torch.float32
    assert single.shape == (s.n,)


LAWS = [
    permuting_images,
    permuting_negatives,
    rotating_all_embeddings,
    scaling_raw_embeddings,
    adding_a_constant_to_all_similarities,
    gradients_over_an_anchor_sum_to_zero,
    a_more_similar_positive_lowers,
    a_more_similar_negative_raises,
    one_more_negative_raises,
    never_negative,
    all_equal_leaves_the_number_of_choices,
    an_infinite_temperature_leaves_the_number_of_choices,
    a_vanishing_temperature_sees_the_hardest_negative,
    dense_shared_and_joined_negatives_are_one,
    anchors_do_not_see_each_other,
    a_found_positive_pulls_no_more,
    the_type_stays,
]
# Temperatures at which float64 still tells one similarity from another in every law.
SAMPLES = {
    "n": st.integers(1, 5),
    "k": st.integers(1, 6),
    "temperature": st.sampled_from([0.1, 0.2, 0.5, 1.0, 3.0]),
    "seed": st.integers(0, 1000),
}
FROZEN = settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # a failing example is small already: no time for shrinking it
)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law(law: Callable[[Loss, Sample, str], None], name: str) -> None:
    @FROZEN
    @given(**SAMPLES)
    def obeys(n: int, k: int, temperature: float, seed: int) -> None:
        sample = Sample(n, k, temperature, seed)
        law(LOSSES[name](temperature), sample, name)

    if (law.__name__, name) in EXCEPTIONS:
        with pytest.raises(AssertionError):
            obeys()
    else:
        obeys()


def test_every_loss_stands_in_the_table() -> None:
    assert {name.partition(",")[0] for name in LOSSES} == set(parts.names("loss"))


def test_every_exception_is_of_a_law_and_a_loss_and_has_a_reason() -> None:
    known = {law.__name__ for law in LAWS}
    for (law, name), reason in EXCEPTIONS.items():
        assert law in known
        assert name in LOSSES
        assert len(reason) > 10


# --- extremes: finite value and gradient, whatever the sizes and directions

DIRECTIONS = {
    "identical": lambda n, k: (torch.ones(n), torch.ones(n, k)),
    "opposite": lambda n, k: (-torch.ones(n), torch.ones(n, k)),
    "found": lambda n, k: (torch.ones(n), -torch.ones(n, k)),
    "mixed": lambda n, k: (torch.linspace(-1, 1, n), torch.linspace(-1, 1, n * k).view(n, k)),
}
# Their exponents are differences of logarithms up to 8, which bfloat16 rounds to 1/32 each: 5 % and not 1 %.
DIFFERENCES = ("debiased", "hard_negatives")
DTYPES = [torch.float64, torch.float32, torch.bfloat16, torch.float16]


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("directions", DIRECTIONS)
@pytest.mark.parametrize("name", LOSSES)
def test_extremes_are_finite(name: str, directions: str, dtype: torch.dtype) -> None:
    for n, k in ((1, 1), (1, 3), (3, 1), (2, 300)):
        for temperature in (0.01, 100.0):
            p, negatives = (x.to(dtype) for x in DIRECTIONS[directions](n, k))
            value, gradient = value_and_gradient(LOSSES[name](temperature), p, negatives)
            assert value.dtype == dtype
            assert value.isfinite().all()
            assert gradient.isfinite().all()


@pytest.mark.parametrize("dtype", DTYPES[1:], ids=str)
@pytest.mark.parametrize("name", LOSSES)
def test_every_type_agrees_with_float64(name: str, dtype: torch.dtype) -> None:
    """Similarities of few binary digits, so that what is compared is the loss's own arithmetic."""
    generator = torch.Generator().manual_seed(0)
    p, n = (torch.randint(-8, 9, s, generator=generator) / 8 for s in ((6,), (6, 5)))
    for temperature in (0.25, 1.0, 4.0):
        loss = LOSSES[name](temperature)
        exact = value_and_gradient(loss, p.double(), n.double())
        for found, expected in zip(value_and_gradient(loss, p.to(dtype), n.to(dtype)), exact, strict=True):
            if dtype is torch.bfloat16 and name.startswith(DIFFERENCES):
                torch.testing.assert_close(found.double(), expected, rtol=0, atol=5e-2 * float(expected.abs().max()))
            else:
                assert_close(found, expected)
    assert str(dtype).removeprefix("torch.") in TOLERANCES
