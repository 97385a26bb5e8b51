"""Closed forms against automatic differentiation, and the scene on the circle by pencil."""

from functools import partial

import numpy as np
import pytest
import torch

from anatomy.analysis.loss_forces import DRAWN, FAMILY, Force, on_circle, softmax
from anatomy.losses.cacr import cacr
from anatomy.losses.debiased import debiased
from anatomy.losses.decoupled import decoupled
from anatomy.losses.dual_temperature import dual_temperature
from anatomy.losses.hard_negatives import hard_negatives
from anatomy.losses.info_nce import info_nce
from anatomy.losses.spectral import spectral
from reference import assert_close

LOSSES = {
    "InfoNCE": lambda t: partial(info_nce, temperature=t),
    "DCL": lambda t: partial(decoupled, temperature=t),
    "dual temperature": lambda t: partial(dual_temperature, temperature_intra=t, temperature_inter=10 * t),
    "debiased": lambda t: partial(debiased, temperature=t, tau_plus=0.1),
    "hard negatives": lambda t: partial(hard_negatives, temperature=t, tau_plus=0.0),
    "CACR": lambda t: partial(cacr, temperature=t),
    "CACR, weights detached": lambda t: partial(cacr, temperature=t, detach_weights=True),
    "spectral": lambda t: partial(spectral, mu=1 / t),
}


def test_every_closed_form_has_a_loss() -> None:
    assert list(LOSSES) == list(FAMILY)


@pytest.mark.parametrize("temperature", [0.1, 0.5, 2.0])
@pytest.mark.parametrize("name", FAMILY)
def test_against_automatic_differentiation(name: str, temperature: float, generator: torch.Generator) -> None:
    against_differentiation(name, temperature, torch.rand(1, generator=generator), random(generator))


@pytest.mark.parametrize(
    ("temperature", "positive", "nearest", "at_floor"),
    [(0.1, 0.9, 0.5, True), (1.0, 0.9, -0.9, True), (0.1, -0.2, 0.5, False)],
)
def test_debiased_at_its_floor_and_above_it(
    temperature: float, positive: float, nearest: float, at_floor: bool, generator: torch.Generator
) -> None:
    """In the first the correction takes more than the sum; in the second it leaves less than the floor."""
    n = random(generator).clamp(max=nearest)
    _, push = against_differentiation("debiased", temperature, torch.tensor([positive]), n)
    assert (push == 0).all() == at_floor


def random(generator: torch.Generator) -> torch.Tensor:
    return 2 * torch.rand(1, 6, generator=generator) - 1


def against_differentiation(name: str, temperature: float, positive: torch.Tensor, negatives: torch.Tensor) -> Force:
    p, n = positive.double(), negatives.double()
    pull, push = FAMILY[name](float(p), n[0].numpy(), temperature)
    p.requires_grad_()
    n.requires_grad_()
    LOSSES[name](temperature)(p, n).sum().backward()
    assert_close([pull, *push], torch.cat([-p.grad, n.grad[0]]))
    return pull, push


def test_the_scene_by_hand() -> None:
    """Anchor at 90 degrees: the positive at 30 and one negative at 150 are each 60 away, cosine 1/2. InfoNCE at any T
    has W = 1/2, DCL 1; with one negative both share it wholly."""
    table = on_circle(0.5, positive=30.0, negatives=(150.0,)).set_index("loss")
    assert_close(table["similarity"].to_numpy(), np.full(2 * len(DRAWN), 0.5))
    assert_close(table.loc["InfoNCE", "force"].to_numpy(), [1.0, 1.0])
    assert_close(table.loc["DCL", "force"].to_numpy(), [2.0, 2.0])
    assert_close(table.loc["CACR", "share"].to_numpy(), [1.0, 1.0])
    assert_close(table.loc["spectral", "force"].to_numpy(), [4.0, 4.0])


def test_those_not_drawn_share_their_push_as_infonce_does() -> None:
    s, n = 0.1, np.array([0.6, 0.3, -0.9])
    for name in sorted(FAMILY.keys() - set(DRAWN)):
        pull, push = FAMILY[name](s, n, 0.1)
        assert_close(push / pull, softmax(n / 0.1))
