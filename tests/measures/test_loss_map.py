"""What each loss weighs, on planted similarities by pencil and on a planted network."""

from math import exp, log

import pytest
import torch

from anatomy.losses.info_nce import info_nce
from anatomy.measures.loss_map import Forces, family, forces, loss_map, similarities, spread, summary
from reference import assert_close

T = 0.5
POSITIVE = torch.tensor([0.9, 0.1], dtype=torch.float64)
NEGATIVES = torch.tensor([[0.5, 0.0, -0.5], [0.2, 0.2, 0.2]], dtype=torch.float64)


def seen(name: str, t: float = T) -> Forces:
    return forces(family(t)[name], POSITIVE, NEGATIVES)


def test_info_nce_is_a_weight_times_a_softmax() -> None:
    found = seen("InfoNCE")
    w = 1 - (torch.cat([POSITIVE[:, None], NEGATIVES], 1) / T).softmax(1)[:, 0]
    assert_close(found.pull, w / T)
    assert_close(found.push, (w / T)[:, None] * (NEGATIVES / T).softmax(1))
    assert_close(found.shares, (NEGATIVES / T).softmax(1))


def test_the_summary_by_hand() -> None:
    """Shares 1/2, 1/2, 0 and 1, 0, 0: entropies log 2 and 0; sizes 4 and 2, deviation 1 over 3; one of six drawn."""
    found = Forces(torch.tensor([1.0, 3.0]).double(), torch.tensor([[2.0, -2.0, 0.0], [2.0, 0.0, 0.0]]).double())
    assert_close(summary(found), [log(2) / 2 / log(3), 1 / 3, 1 / 2, 1 / 6, 0])


def test_an_anchor_without_a_push_is_silent() -> None:
    """Non-regression: 0 / 0 made every number of the debiased loss NaN."""
    found = Forces(torch.ones(2).double(), torch.tensor([[1.0, 1.0], [0.0, 0.0]]).double())
    entropy, push_cv, _, _, silent = summary(found)
    assert (entropy, push_cv, silent) == (1, 1, 0.5)
    at_floor = forces(family(0.1)["debiased"], torch.ones(1).double(), -torch.ones(1, 3).double())
    assert summary(at_floor)[-1] == 1


@pytest.mark.parametrize(("name", "push"), [("DCL", 0), ("CACR, weights detached", 0), ("InfoNCE", 0.1)])
def test_what_makes_anchors_equal(name: str, push: float) -> None:
    _, push_cv, pull_cv, *_ = summary(seen(name))
    assert (push_cv > push) == (pull_cv > push) == bool(push)


def test_only_weights_with_their_gradient_and_a_right_angle_draw_negatives_nearer() -> None:
    drawn = {name for name in family(0.1) if summary(forces(family(0.1)[name], POSITIVE, NEGATIVES))[3] > 0}
    assert drawn == {"hard negatives", "CACR", "spectral"}


def test_a_spread_of_rounding_alone_is_none() -> None:
    assert spread(torch.tensor([1.0, 1.0 + 1e-15]).double()) == 0
    assert spread(torch.tensor([1.0, 3.0]).double()) == 0.5


def test_a_spread_has_no_sign() -> None:
    assert spread(torch.tensor([-1.0, -3.0]).double()) == 0.5


def test_the_table_of_a_planted_network(planted) -> None:
    trained = planted(40, 12)
    table = loss_map(trained, temperatures=(0.1, 1.0))
    assert set(trained.encoder.asked) == {"family 1", "family 2", "family negatives"}
    assert table["of"] == [*family(1.0)] * 2
    assert table["at"] == [0.1] * len(family(1.0)) + [1.0] * len(family(1.0))
    positive, negatives = similarities(trained)
    assert positive.shape == (12,)
    assert negatives.shape == (12, 40)
    at = table["of"].index("InfoNCE")
    q = (negatives / 0.1).softmax(1)
    assert_close(table["entropy"][at], torch.special.entr(q).sum(1).mean() / log(40))
    w = 1 - 1 / (1 + sum(exp((s - positive[0]) / 0.1) for s in negatives[0].tolist()))
    one = info_nce(positive[:1].requires_grad_(), negatives[:1], temperature=0.1)
    one.sum().backward()
    assert w == pytest.approx(1 - torch.exp(-one).item(), rel=1e-9)
