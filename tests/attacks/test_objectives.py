"""What an attack raises: values by hand, and gradients in the logits against their closed form."""

from math import log

import torch

from anatomy.attacks.objectives import away_from, cross_entropy, margin, relative_cross_entropy
from anatomy.losses.info_nce import info_nce

LOGITS = torch.tensor([[2.0, -1.0, 0.5], [0.0, 0.0, 0.0]], dtype=torch.float64)
LABELS = torch.tensor([0, 2])


def gradient(objective) -> torch.Tensor:
    leaf = LOGITS.clone().requires_grad_()
    objective(leaf, LABELS).sum().backward()
    return leaf.grad


def one_hot() -> torch.Tensor:
    return torch.nn.functional.one_hot(LABELS, 3).double()


def test_by_hand() -> None:
    """-z_y + log sum e^z; the largest other minus own; mean minus own."""
    first = -2 + log(2.718281828459045**2 + 2.718281828459045**-1 + 2.718281828459045**0.5)
    torch.testing.assert_close(cross_entropy(LOGITS, LABELS), torch.tensor([first, log(3)]).double(), rtol=1e-7, atol=0)
    assert margin(LOGITS, LABELS).tolist() == [-1.5, 0.0]
    assert relative_cross_entropy(LOGITS, LABELS).tolist() == [-1.5, 0.0]


def test_cross_entropy_pushes_by_what_the_network_lacks() -> None:
    torch.testing.assert_close(gradient(cross_entropy), LOGITS.softmax(1) - one_hot())


def test_relative_cross_entropy_pushes_all_classes_alike_whatever_the_logits() -> None:
    torch.testing.assert_close(gradient(relative_cross_entropy), 1 / 3 - one_hot(), rtol=0, atol=1e-15)


def test_it_is_cross_entropy_less_its_mean_over_all_labels() -> None:
    mean = torch.stack([cross_entropy(LOGITS, torch.full_like(LABELS, k)) for k in range(3)]).mean(0)
    torch.testing.assert_close(relative_cross_entropy(LOGITS, LABELS), cross_entropy(LOGITS, LABELS) - mean)


def test_a_constant_added_to_all_logits_moves_none() -> None:
    for objective in (cross_entropy, margin, relative_cross_entropy):
        torch.testing.assert_close(objective(LOGITS + 7, LABELS), objective(LOGITS, LABELS))


def test_margin_is_above_zero_where_the_network_is_wrong() -> None:
    wrong = torch.tensor([[1.0, 2.0, 0.0], [0.0, 1.0, 0.5]])
    assert margin(wrong, LABELS).tolist() == [1.0, 0.5]


def test_half_precision_is_read_in_full() -> None:
    for objective in (cross_entropy, margin, relative_cross_entropy):
        assert objective(LOGITS.bfloat16(), LABELS).dtype == torch.float32
    assert away_from(LOGITS.bfloat16(), LOGITS.bfloat16()).dtype == torch.float32


def test_the_cosine_of_opposite_and_orthogonal_features() -> None:
    one = torch.tensor([[1.0, 0.0], [2.0, 0.0]]).double()
    other = torch.tensor([[-3.0, 0.0], [0.0, 5.0]]).double()
    assert away_from(one, other).tolist() == [1.0, 0.0]


def test_info_nce_is_the_cross_entropy_of_its_positive() -> None:
    """The book's own loss is this one, on similarities: the same number from both."""
    logits = torch.cat([LOGITS[:, :1], LOGITS[:, 1:]], 1)
    by_loss = info_nce(logits[:, 0], logits[:, 1:], temperature=1.0)
    torch.testing.assert_close(by_loss, cross_entropy(logits, torch.zeros(2, dtype=torch.int64)))
