"""Auto-PGD: the paper's checkpoints, its two conditions, and that it is no worse than PGD."""

import pytest
import torch

from anatomy.attacks import Asked
from anatomy.attacks.apgd import Best, apgd, checkpoints, stuck
from anatomy.attacks.objectives import cross_entropy, margin
from anatomy.attacks.pgd import Steps, pgd
from anatomy.errors import InputError


def test_the_checkpoints_of_the_paper() -> None:
    """Section 3.2: p = 0, 0.22, then each interval 0.03 shorter, at least 0.06: 22, 41, 57, 70, 80, 87, 93, 99."""
    assert checkpoints(100) == [22, 41, 57, 70, 80, 87, 93, 99]
    assert checkpoints(10) == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert checkpoints(1) == [1]


def rows(*rises: list[bool]) -> list[torch.Tensor]:
    return [torch.tensor(row) for row in rises]


def test_a_step_is_halved_where_too_few_steps_rose() -> None:
    """Condition 1: of 4 steps 3 or fewer rose, which is rho = 0.75."""
    rises = rows([True, True], [True, True], [True, True], [True, False])
    found = stuck(rises, torch.full([2], 2.0), torch.zeros(2), torch.zeros(2, dtype=torch.bool))
    assert found.tolist() == [False, True]


def test_a_step_is_halved_where_it_was_kept_and_nothing_was_won() -> None:
    """Condition 2: not halved at the last checkpoint, and the best loss is still the same."""
    known, halved = torch.tensor([2.0, 2.0, 1.0, 1.0]), torch.tensor([False, True, False, True])
    found = stuck(rows(*[[True] * 4] * 4), torch.full([4], 2.0), known, halved)
    assert found.tolist() == [True, False, False, False]


def test_only_a_higher_point_is_taken() -> None:
    zeros, ones = torch.zeros(2, 3, 4, 4), torch.ones(2, 3, 4, 4)
    held = Best(zeros, zeros, torch.tensor([1.0, 1.0]))
    held.take(ones, Asked(torch.zeros(2, 2), torch.zeros(2), 7 * ones), torch.tensor([2.0, 0.5]))
    assert held.heights.tolist() == [2.0, 1.0]
    assert held.images.amax((1, 2, 3)).tolist() == [1, 0]
    assert held.gradient.amax((1, 2, 3)).tolist() == [7, 0]


def test_a_point_that_fools_is_kept_although_the_loss_rises_elsewhere(tools) -> None:
    """What is climbed is cross-entropy; what is kept is judged by the margin, as AutoAttack counts."""
    network, images, labels = tools.smooth(), tools.images(32), tools.labels(32)
    both = [apgd(network, images, labels, epsilon=0.2, steps=20, generator=tools.generator(), worst=worst)
            for worst in (None, margin)]  # fmt: skip
    by_loss, by_margin = (margin(network(found), labels) for found in both)
    assert (by_margin >= by_loss).all()
    assert (by_margin > by_loss).any()


def test_it_is_no_worse_than_steps_of_a_quarter(tools) -> None:
    network, images, labels = tools.smooth(), tools.images(16), tools.labels(16)
    auto = apgd(network, images, labels, epsilon=0.1, steps=40, generator=tools.generator())
    fixed = pgd(network, images, labels, Steps(epsilon=0.1, step=0.025, steps=40), tools.generator())
    ours, theirs = (cross_entropy(network(found), labels) for found in (auto, fixed))
    assert (ours >= theirs - 1e-6).float().mean() > 0.9


def test_no_step_is_no_attack(tools) -> None:
    with pytest.raises(InputError, match="steps is 0, but an attack has at least 1; try 1"):
        apgd(tools.smooth(), tools.images(), tools.labels(), epsilon=0.1, steps=0)
