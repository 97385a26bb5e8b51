"""A positive that is made: where it lies, and what is left without its network or its weight."""

import pytest
import torch

from anatomy.errors import InputError
from anatomy.runs import parts
from anatomy.similarity import unit
from anatomy.transforms.positive_extrapolation import positive_extrapolation
from reference import assert_close


def test_without_weight_it_is_simco(tools) -> None:
    method, batch = tools.build("hallucinator", weight=0.0), tools.batch(6)
    assert method(batch).loss.item() == pytest.approx(tools.build("simco")(batch).loss.item(), rel=1e-10)


def test_unsmoothed_it_is_the_anchor_pulled_away_from_its_key(tools, generator: torch.Generator) -> None:
    """The first half of positive extrapolation with lambda = 1 + u, set to unit length."""
    anchor, key = (unit(torch.randn(5, 4, generator=generator, dtype=torch.float64)) for _ in range(2))
    method, drawn = tools.build("hallucinator", smooth=False), torch.Generator().manual_seed(3)
    made = method.hallucinate(anchor, key, torch.Generator().manual_seed(3))
    for row, share in enumerate(torch.rand(5, 1, generator=drawn).double()):
        lam = 1 + share.item()
        c = lam**2 + (1 - lam) ** 2
        of_one = positive_extrapolation(anchor[row : row + 1], key[row : row + 1], key, None, c=c)
        assert_close(made[row : row + 1], unit(of_one.query))
    assert ((made * key).sum(1) < (anchor * key).sum(1)).all()


def test_smoothed_it_is_what_the_network_makes_of_that(tools, generator: torch.Generator) -> None:
    """a~ = V max(0, W x + v) + w of x = a + u (a - b), row by row, set to unit length."""
    anchor, key = (unit(torch.randn(5, 4, generator=generator, dtype=torch.float64)) for _ in range(2))
    method, drawn = tools.build("hallucinator"), torch.Generator().manual_seed(3)
    made = method.hallucinate(anchor, key, torch.Generator().manual_seed(3))
    first, _, last = method.smoother
    for row, share in enumerate(torch.rand(5, 1, generator=drawn).double()):
        away = anchor[row] + share * (anchor[row] - key[row])
        hidden = [max(0.0, (weights @ away + shift).item()) for weights, shift in zip(*first.parameters(), strict=True)]
        assert 0 in hidden  # so that the bend is seen
        vector = last.weight @ torch.tensor(hidden, dtype=torch.float64) + last.bias
        assert_close(made[row], vector / (vector @ vector).sqrt())


def test_the_network_is_trained_and_the_made_are_unit_vectors(tools) -> None:
    method, batch = tools.build("hallucinator"), tools.batch(6)
    method(batch).loss.backward()
    assert all(weight.grad.any() for weight in method.smoother.parameters())
    z = [unit(method.encoder(view)) for view in batch.views]
    assert_close(method.hallucinate(*z, torch.Generator()).norm(dim=1), torch.ones(6, dtype=torch.float64))


def test_a_weight_below_zero_is_refused() -> None:
    with pytest.raises(InputError, match="weight is -1"):
        parts.check("method", "hallucinator", {"weight": -1})
