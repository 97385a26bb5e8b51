"""streaming.log_sum_exp against its plain twin, the dense similarities: value, both gradients, and what it keeps."""

from math import inf, log

import pytest
import torch
from torch import Tensor

from anatomy import streaming
from anatomy.similarity import Against, logits, unit
from reference import assert_close

N, K, D = 5, 23, 3


@pytest.fixture(autouse=True)
def tiles(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Tiles of 2 anchors and 5 keys at most, the last of each smaller; and the shapes of those that were made."""
    made: list[tuple[int, int]] = []
    plain = streaming._logits

    def noted(*given: object) -> Tensor:
        tile = plain(*given)
        made.append((tile.shape[0], tile.shape[1]))
        return tile

    monkeypatch.setattr(streaming, "TILE", {"cpu": 10})
    monkeypatch.setattr(streaming, "ROWS", 2)
    monkeypatch.setattr(streaming, "_logits", noted)
    return made


def drawn(generator: torch.Generator, dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor]:
    made = (unit(torch.randn(n, D, generator=generator, dtype=torch.float64)).to(dtype) for n in (N, K))
    anchor, keys = (z.requires_grad_() for z in made)
    return anchor, keys


# The last leaves out all keys of the first tile, and of every tile one.
EXCLUDED = [
    None,
    (torch.arange(N), torch.arange(K) % 7),
    (torch.tensor([0, 1, 1, 3, 9]), torch.tensor([1] * 5 + [0, 2, 3, 9] * 4 + [0, 3])),
]


@pytest.mark.parametrize("excluded", EXCLUDED)
@pytest.mark.parametrize("temperature", [0.005, 0.1, 1.0, inf])
def test_value_and_gradients_are_the_dense_ones(
    temperature: float, excluded: tuple[Tensor, Tensor] | None, generator: torch.Generator
) -> None:
    anchor, keys = drawn(generator)
    weights = torch.rand(N, generator=generator, dtype=torch.float64)  # another gradient for each anchor
    found, wanted = (
        streaming.log_sum_exp(anchor, keys, temperature, excluded),
        logits(Against(anchor, keys, excluded), temperature).logsumexp(1),
    )
    assert_close(found, wanted.detach())
    ours, dense = (torch.autograd.grad((value * weights).sum(), (anchor, keys)) for value in (found, wanted))
    for mine, plain in zip(ours, dense, strict=True):
        assert_close(mine, plain)


def test_float32_is_near_float64(generator: torch.Generator) -> None:
    anchor, keys = drawn(generator)
    exact = streaming.log_sum_exp(anchor, keys, 0.07)
    (wanted,) = torch.autograd.grad(exact.sum(), anchor)
    single, few = anchor.detach().float().requires_grad_(), keys.detach().float()
    found = streaming.log_sum_exp(single, few, 0.07)
    (gradient,) = torch.autograd.grad(found.sum(), single)
    torch.testing.assert_close(found.double(), exact, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(gradient.double(), wanted, rtol=1e-5, atol=1e-5)


def test_only_what_is_asked_for_is_differentiated(generator: torch.Generator, tiles: list[tuple[int, int]]) -> None:
    anchor, keys = drawn(generator)
    queue = keys.detach()
    streaming.log_sum_exp(anchor, queue, 0.1).sum().backward()
    assert anchor.grad is not None
    assert len(tiles) == 5 + 5 + 3  # one pass: 5 keys a tile for 2 anchors, twice, and 10 for the last
    assert queue.grad is None


def test_no_tile_is_larger_than_said(generator: torch.Generator, tiles: list[tuple[int, int]]) -> None:
    anchor, keys = drawn(generator)
    streaming.log_sum_exp(anchor, keys, 0.1).sum().backward()
    assert all(rows * columns <= 10 for rows, columns in tiles)


def test_without_gradient_none_is_collected(generator: torch.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    anchor, keys = drawn(generator)
    asked = []
    plain = streaming._plain_sums
    monkeypatch.setattr(streaming, "_plain_sums", lambda pairs, collect: asked.append(collect) or plain(pairs, collect))
    with torch.no_grad():
        assert streaming.log_sum_exp(anchor, keys, 0.1).grad_fn is None
    streaming.log_sum_exp(anchor.detach(), keys.detach(), 0.1)
    streaming.log_sum_exp(anchor.detach(), keys, 0.1)
    assert asked == [False] * 9  # three parts of the anchors, three times
    streaming.log_sum_exp(anchor, keys.detach(), 0.1)
    assert asked[9:] == [True] * 3


@pytest.mark.parametrize(("temperature", "taken"), [(0.02, 0), (0.1, 0), (inf, 0), (0.019, 3)])
def test_unit_vectors_need_a_maximum_at_low_temperatures_only(
    temperature: float, taken: int, generator: torch.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    anchor, keys = drawn(generator, torch.float32)
    parts = []
    under = streaming._sums_under_maximum
    monkeypatch.setattr(
        streaming, "_sums_under_maximum", lambda pairs, collect: parts.append(pairs) or under(pairs, collect)
    )
    streaming.log_sum_exp(anchor, keys, temperature)
    assert len(parts) == taken


@pytest.mark.parametrize("logit", [-300, -100, -60, 60, 87, 300])
def test_longer_vectors_have_their_digits_in_float32(logit: float, generator: torch.Generator) -> None:
    """All logits are near one value: exp(-100) has no digits in float32, and 23 times exp(87) is above its range."""
    anchor, keys = (z.detach() for z in drawn(generator))
    near, around = (unit(anchor[:1] + 0.05 * z) for z in (anchor, keys))
    exact, single = ((logit * 0.1 * near).to(dtype).requires_grad_() for dtype in (torch.float64, torch.float32))
    wanted = logits(Against(exact, around), 0.1).logsumexp(1)
    found = streaming.log_sum_exp(single, around.float(), 0.1)
    torch.testing.assert_close(found.double(), wanted, rtol=1e-5, atol=1e-5)
    for value in (wanted, found):
        value.sum().backward()
    assert exact.grad is not None
    torch.testing.assert_close(single.grad.double(), exact.grad, rtol=1e-4, atol=1e-4)


def test_by_pencil() -> None:
    """Two keys, along the anchor and across it: log(e^(1/T) + 1)."""
    anchor, keys = torch.tensor([[1.0, 0.0]]), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    found = streaming.log_sum_exp(anchor, keys, 0.5)
    assert found.item() == pytest.approx(log(torch.e**2 + 1), rel=1e-6)
