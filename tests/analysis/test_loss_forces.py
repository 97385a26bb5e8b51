"""Closed forms against automatic differentiation, and the scene on the circle by pencil."""

from functools import partial

import numpy as np
import pytest
import torch

from anatomy.analysis.loss_forces import FAMILY, on_circle
from anatomy.losses.cacr import cacr
from anatomy.losses.decoupled import decoupled
from anatomy.losses.hard_negatives import hard_negatives
from anatomy.losses.info_nce import info_nce
from anatomy.losses.spectral import spectral
from reference import assert_close

LOSSES = {
    "InfoNCE": lambda t: partial(info_nce, temperature=t),
    "DCL": lambda t: partial(decoupled, temperature=t),
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
    p, n = torch.rand(1, generator=generator).double(), 2 * torch.rand(1, 6, generator=generator).double() - 1
    pull, push = FAMILY[name](float(p), n[0].numpy(), temperature)
    p.requires_grad_()
    n.requires_grad_()
    LOSSES[name](temperature)(p, n).sum().backward()
    assert_close([pull, *push], torch.cat([-p.grad, n.grad[0]]))


def test_the_scene_by_hand() -> None:
    """Anchor at 90 degrees: the positive at 30 and one negative at 150 are each 60 away, cosine 1/2. InfoNCE at any T
    has W = 1/2, DCL 1; with one negative both share it wholly."""
    table = on_circle(0.5, positive=30.0, negatives=(150.0,)).set_index("loss")
    assert_close(table["similarity"].to_numpy(), np.full(2 * len(FAMILY), 0.5))
    assert_close(table.loc["InfoNCE", "force"].to_numpy(), [1.0, 1.0])
    assert_close(table.loc["DCL", "force"].to_numpy(), [2.0, 2.0])
    assert_close(table.loc["CACR", "share"].to_numpy(), [1.0, 1.0])
    assert_close(table.loc["spectral", "force"].to_numpy(), [4.0, 4.0])
